//go:build tools && pictures && !js

package wasm

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestPictures takes the README's pictures from the page, once each demo has
// learned what it can show: "make pictures".
func TestPictures(t *testing.T) {
	if err := os.Setenv("GANBEL_SHOTS", "../assets/pictures"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		hash string
		step int
	}{
		"wgan-gp":    {"tab=wgan&theme=light&learning-rate=0.002&decay=2500", 2500},
		"gumbel-vae": {"tab=gumbel&theme=dark", 4000},
	} {
		ctx := open(t, site(t, nil)+"/#v=1&lang=en&"+c.hash)
		do(t, ctx, chromedp.EmulateViewport(1440, 900))
		for end := time.Now().Add(5 * time.Minute); value[float64](t, ctx, step) < float64(c.step) && time.Now().Before(end); {
			time.Sleep(100 * time.Millisecond)
		}
		click(t, ctx, "#play")
		wait(t, ctx, 20*time.Second, fmt.Sprintf("document.getElementById('play').getAttribute('aria-pressed') === 'false' && %s > 0", step))
		time.Sleep(2 * time.Second)
		shoot(t, ctx, name)
	}
}
