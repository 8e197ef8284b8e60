// Package stage draws what a run shows, with Ebitengine: in WGAN mode points of
// the plane with the critic's contour lines and its gradient's norm, in Gumbel mode
// digits, codes and a simplex. It is given frames, tensors by name, and knows
// nothing of what made them. It draws no letters; a page sets the labels.
package stage

import (
	"fmt"
	"image"
	"slices"
	"sync"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"ganbel/core/data"
)

// Mode says which kind of frame is shown.
type Mode string

// The modes.
const (
	WGAN   Mode = "wgan"
	Gumbel Mode = "gumbel"
)

// Ranges says what the drawn fields of a WGAN frame reach.
type Ranges struct {
	Low, High            float64 // gradient norms of the first and the last colour; beyond them it stays the same
	SlopeMin, SlopeMax   float64
	CriticMin, CriticMax float64
	Levels               []float64 // of the contour lines
}

// A Listener is told what happens on a stage. Any function may be nil; none may
// call the stage.
type Listener struct {
	Drawn  func(step int, took time.Duration) // a frame is on the screen for the first time
	Ranges func(Ranges)                       // a frame with fields was shown
	Labels func([]Label)                      // the labels are others now, or elsewhere
	Still  func()                             // Draw has nothing to do until a method is called or the size changes
}

// A Stage is a game that draws frames. Its methods may be called from any goroutine.
type Stage struct {
	mu       sync.Mutex
	listener Listener
	mode     Mode
	theme    *theme
	off      map[string]bool // layers that are not drawn
	calm     bool            // nothing moves by itself
	scale    float64         // screen pixels in one of CSS
	wgan     wgan
	gumbel   gumbel

	step    int
	undrawn bool // a frame was shown since the last Draw
	stale   bool // the ground must be drawn anew
	dirty   bool // the screen must be
	ground  *ebiten.Image
	labels  []Label
	pointer *[2]float64 // in data coordinates

	markShader, fieldShader, imageShader *ebiten.Shader
	marks, images                        marks // to be drawn by mark.kage and image.kage
}

// New returns an empty stage in light colours and WGAN mode. All layers but
// "slope" and "warp" are drawn.
func New(l Listener) *Stage {
	shader := func(source []byte) *ebiten.Shader {
		s, err := ebiten.NewShader(source)
		if err != nil {
			panic(err) // the sources are part of the program
		}
		return s
	}
	return &Stage{
		listener: l, mode: WGAN, theme: &light, off: map[string]bool{"slope": true, "warp": true},
		scale: 1, wgan: wgan{view: 2}, stale: true, dirty: true,
		markShader: shader(markSource), fieldShader: shader(fieldSource), imageShader: shader(imageSource),
	}
}

// Run opens the stage: in a browser it fills the page, elsewhere a window. It
// returns when that is closed.
func Run(s *Stage) error {
	ebiten.SetWindowTitle("Ganbel")
	ebiten.SetWindowSize(960, 720)
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	ebiten.SetScreenClearedEveryFrame(false) // a still picture costs no drawing
	return ebiten.RunGameWithOptions(s, &ebiten.RunGameOptions{InitUnfocused: true})
}

// Show takes a frame: the tensors that lab.Frame documents, for the mode that
// has them. It returns an error, and keeps what it has, where one has a wrong
// shape or is missing. The tensors must not be changed afterwards.
func (s *Stage) Show(step int, tensors map[string]data.Tensor) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := tensors["digits"]; ok {
		if err := s.gumbel.show(tensors); err != nil {
			return err
		}
	} else {
		ranges, err := s.wgan.show(tensors, s.calm, time.Now())
		if err != nil {
			return err
		}
		if s.listener.Ranges != nil && ranges != nil {
			s.listener.Ranges(*ranges)
		}
	}
	s.step, s.undrawn = step, true
	s.refresh()
	return nil
}

// SetMode chooses which frames are drawn.
func (s *Stage) SetMode(m Mode) error {
	if m != WGAN && m != Gumbel {
		return fmt.Errorf("stage: there is no mode %q, only %q and %q", m, WGAN, Gumbel)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mode != m {
		// The other run may have gone on meanwhile: no picture is better than an old one.
		s.wgan.clear()
		s.gumbel.clear()
	}
	s.mode, s.pointer = m, nil
	s.refresh()
	return nil
}

// SetLayers switches layers on or off; those not named stay as they are. WGAN
// mode has "samples", which "real" and "fake" are part of, "contours", "slope"
// and "warp", Gumbel mode "digits", "reconstructions", "prior", "code" and "simplex".
func (s *Stage) SetLayers(on map[string]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, is := range on {
		s.off[name] = !is
	}
	s.refresh()
}

// SetDark chooses the dark theme or the light one.
func (s *Stage) SetDark(is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.theme = &light
	if is {
		s.theme = &dark
	}
	s.refresh()
}

// SetCalm chooses whether points jump to their places in a new frame instead of moving there.
func (s *Stage) SetCalm(is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calm = is
}

// Point puts the cross-hair at x, y, in pixels of CSS from the top left corner,
// and returns what point of the data that is; ok is false, and the cross-hair
// gone, where it is none.
func (s *Stage) Point(x, y float64) (dataX, dataY float64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &s.wgan.plane
	dataX = ((x*s.scale-p.plot.x)/p.plot.w*2 - 1) * p.view
	dataY = (1 - (y*s.scale-p.plot.y)/p.plot.h*2) * p.view
	ok = s.mode == WGAN && p.plot.w > 0 && max(dataX, -dataX, dataY, -dataY) <= p.view
	s.pointer = nil
	if ok {
		s.pointer = &[2]float64{dataX, dataY}
	}
	s.dirty = true
	return dataX, dataY, ok
}

// Probe puts the cross-hair at a place of the plane, in data coordinates.
func (s *Stage) Probe(x, y float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pointer, s.dirty = &[2]float64{x, y}, true
}

// Unpoint takes the cross-hair away.
func (s *Stage) Unpoint() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pointer, s.dirty = nil, true
}

func (s *Stage) refresh() { s.stale, s.dirty = true, true }

// Update implements ebiten.Game.
func (s *Stage) Update() error { return nil }

// Layout implements ebiten.Game: one pixel of the stage is one of the screen.
func (s *Stage) Layout(w, h int) (int, int) {
	return s.resize(w, h, ebiten.Monitor().DeviceScaleFactor())
}

func (s *Stage) resize(w, h int, scale float64) (int, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.scale != scale {
		s.scale = scale
		s.refresh()
	}
	return max(1, int(float64(w)*scale)), max(1, int(float64(h)*scale))
}

// Draw implements ebiten.Game. It leaves the screen alone where nothing has changed.
func (s *Stage) Draw(screen *ebiten.Image) {
	s.mu.Lock()
	defer s.mu.Unlock()
	size := screen.Bounds().Size()
	if s.ground == nil || s.ground.Bounds().Size() != size {
		if s.ground != nil {
			s.ground.Deallocate()
		}
		s.ground = ebiten.NewImage(size.X, size.Y)
		s.refresh()
	}
	defer func() {
		if !s.dirty && s.listener.Still != nil {
			s.listener.Still()
		}
	}()
	if !s.dirty {
		return
	}
	start := time.Now()
	w, h := float64(size.X)/s.scale, float64(size.Y)/s.scale
	if s.stale {
		s.ground.Fill(s.theme.back)
		var labels []Label
		if s.mode == WGAN {
			labels = s.drawPlane(w, h)
		} else {
			labels = s.drawPanels(w, h)
		}
		if s.listener.Labels != nil && !slices.Equal(labels, s.labels) {
			s.listener.Labels(labels)
		}
		s.labels, s.stale = labels, false
	}
	screen.DrawImage(s.ground, &ebiten.DrawImageOptions{Blend: ebiten.BlendCopy})
	s.dirty = s.mode == WGAN && s.drawPoints(screen, start)
	if s.undrawn {
		s.undrawn = false
		if s.listener.Drawn != nil {
			s.listener.Drawn(s.step, time.Since(start))
		}
	}
}

// flush draws the marks that were collected.
func (s *Stage) flush(screen *ebiten.Image) {
	s.marks.draw(screen, s.markShader)
	s.marks.reset()
}

// clip returns the part of an image within r.
func clip(screen *ebiten.Image, r rect) *ebiten.Image {
	return screen.SubImage(image.Rect(int(r.x), int(r.y), int(r.x+r.w), int(r.y+r.h))).(*ebiten.Image)
}

// take returns a tensor of a frame whose shape must be dims, where -1 stands for
// any length.
func take(tensors map[string]data.Tensor, name string, dims ...int) (data.Tensor, error) {
	t, ok := tensors[name]
	if !ok {
		return t, fmt.Errorf("the frame has no tensor %q", name)
	}
	fits, n := len(t.Shape) == len(dims), 1
	for i, d := range t.Shape {
		fits = fits && d > 0 && (dims[i] < 0 || dims[i] == d)
		n *= d
	}
	if !fits || n != len(t.Data) {
		return t, fmt.Errorf("the frame's tensor %q has shape %v and %d numbers where the shape should be %v (-1 is any)", name, t.Shape, len(t.Data), dims)
	}
	return t, nil
}
