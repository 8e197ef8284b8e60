//go:build tools && pictures && !js

package wasm

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPictures takes the README's pictures from the page, once each demo has
// learned what it can show: "make pictures".
func TestPictures(t *testing.T) {
	shots = "../assets/pictures"
	for name, c := range map[string]struct {
		hash string
		step int
	}{
		"wgan-gp":    {"tab=wgan&theme=light", 4000},
		"gumbel-vae": {"tab=gumbel&theme=dark", 4000},
	} {
		ctx := open(t, site(t, nil)+"/#v=1&lang=en&"+c.hash)
		do(t, ctx, chromedp.EmulateViewport(1440, 900))
		wait(t, ctx, fmt.Sprintf("%s >= %d", step, c.step))
		pause(t, ctx)
		shoot(t, ctx, name)
	}
}
