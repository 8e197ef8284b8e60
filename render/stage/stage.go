// Package stage draws what runs show, with Ebitengine: in WGAN mode points of
// the plane with the critic's contour lines and its gradient's norm, a plane to a
// run, in Gumbel mode digits, codes and a simplex, in SOP mode digits that are
// completed, in semi mode digits and classes, in samples mode generated digits beside
// real ones, in categorical mode one choice between three. It is given frames, tensors
// by name, and knows nothing of what made them. It draws no letters; a page sets the
// labels.
package stage

import (
	"errors"
	"fmt"
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
	WGAN        Mode = "wgan"
	Gumbel      Mode = "gumbel"
	SOP         Mode = "sop"
	Semi        Mode = "semi"
	Samples     Mode = "samples"
	Categorical Mode = "categorical"
)

// Ranges says what the drawn fields of a WGAN frame's first run reach.
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
	slow     bool            // there is no graphics card
	scale    float64         // screen pixels in one of CSS
	large    bool            // labels can be read from the back of a room

	runs       []*wgan // each with its plane, one before the first frame
	difference *wgan   // of the first two runs, or nil
	titles     []string
	parts      []part // of the runs that are drawn separately, one before the first frame
	*part             // the one being drawn or pointed at
	samples    samples

	pointer *[2]float64 // the cross-hair, in data coordinates
	slice   *[4]float64 // its ends, in data coordinates
	ghost   []float32   // x, y pairs
	turn    Turn        // of the surface
	chosen  *[2]int     // row and column of the code's cell with a frame
	pressed *press      // what the pointer holds
	grip    int         // the mode whose grip the pointer is on, -1 for none

	step     int
	undrawn  bool // a frame was shown since the last Draw
	dirty    bool // the screen must be drawn anew
	stale    bool // and the ground, where there is one
	afloat   bool // fake points and what is over them are not on the ground, for they move
	ground   *ebiten.Image
	grounded bool          // what stays was drawn onto the ground
	target   *ebiten.Image // what is drawn onto: the ground, or the screen
	began    time.Time     // of the present Draw
	labels   []Label

	markShader, fieldShader, imageShader *ebiten.Shader
	marks, images                        marks    // to be drawn by mark.kage and image.kage
	canvas                               []uint32 // for paint
}

// New returns an empty stage in light colours and WGAN mode. Of its layers those
// are drawn that a page shows at first: "samples" and "contours".
func New(l Listener) *Stage {
	shader := func(source []byte) *ebiten.Shader {
		s, err := ebiten.NewShader(source)
		if err != nil {
			panic(err) // the sources are part of the program
		}
		return s
	}
	s := &Stage{
		listener: l, mode: WGAN, theme: &light, off: map[string]bool{}, scale: 1, stale: true, dirty: true,
		turn: Turn{Azimuth: -35, Elevation: 32}, grip: -1, parts: make([]part, 1),
		markShader: shader(markSource), fieldShader: shader(fieldSource), imageShader: shader(imageSource),
	}
	for _, name := range []string{"slope", "warp", "descent", "batch", "segments", "noise", "handles", "surface", "difference"} {
		s.off[name] = true
	}
	s.clear()
	return s
}

// clear forgets what was shown.
func (s *Stage) clear() {
	first := &wgan{view: 2}
	if len(s.runs) > 0 {
		first.view = s.runs[0].view
	}
	for _, g := range s.planes() {
		g.drop()
	}
	s.runs, s.difference = []*wgan{first}, nil
	s.parts[0].clear()
	s.setParts(s.parts[:1])
	s.samples.clear()
}

// planes returns all that have a plane: the runs, and their difference.
func (s *Stage) planes() []*wgan {
	if s.difference == nil {
		return s.runs
	}
	return append(s.runs[:len(s.runs):len(s.runs)], s.difference)
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

// Show takes a frame: for each run, all of one experiment, the tensors that
// lab.Frame documents. Runs of WGAN-GP get a plane each, those that generate images a
// block of them, and those of the other experiments a part of the picture. Show returns
// an error, and keeps what it has, if a tensor has a wrong shape or is missing. Tensors
// must not be changed afterwards.
func (s *Stage) Show(step int, runs []map[string]data.Tensor) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(runs) == 0 {
		return errors.New("stage: a frame of no run; it should have one or more")
	}
	var err error
	switch first := runs[0]; {
	case first["samples"].Data != nil:
		err = s.samples.show(runs)
	case first["completions"].Data != nil, first["analogies"].Data != nil, first["digits"].Data != nil, first["logits"].Data != nil:
		err = s.showParts(runs)
	default:
		err = s.showRuns(runs, time.Now())
	}
	if err != nil {
		return err
	}
	s.step, s.undrawn = step, true
	s.refresh()
	return nil
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

// Draw implements ebiten.Game. Where points move or the pointer wanders it draws
// what stays meanwhile onto screen, which keeps it: the ground. DrawFinalScreen
// draws the rest over it, or everything at once where there is no ground, which
// saves a copy of all pixels. Where nothing has changed both leave all alone.
func (s *Stage) Draw(screen *ebiten.Image) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ground != screen {
		s.ground = screen
		s.refresh()
	}
	if !s.dirty {
		s.rest()
		return
	}
	s.began = time.Now()
	if s.stale {
		s.grounded, s.stale = false, false
	}
	if !s.grounded && (s.pointer != nil || s.moving(s.began)) {
		s.paint(screen, s.began)
		s.grounded = true
	} else {
		if s.grounded {
			s.settle(s.began)
		}
		s.marks.box(rect{w: 1, h: 1}, colour{}) // Ebitengine shows only a screen that was drawn on
		s.flush(screen)
	}
}

// DrawFinalScreen implements ebiten.FinalScreenDrawer.
func (s *Stage) DrawFinalScreen(final ebiten.FinalScreen, ground *ebiten.Image, place ebiten.GeoM) {
	s.mu.Lock()
	defer s.mu.Unlock()
	screen := final.(*ebiten.Image)
	if s.grounded {
		screen.DrawImage(ground, &ebiten.DrawImageOptions{GeoM: place, Blend: ebiten.BlendCopy})
		if s.mode == WGAN {
			s.drawMoving(screen, time.Now())
		}
	} else {
		s.paint(screen, time.Now())
	}
	s.dirty = s.afloat
	if s.undrawn {
		s.undrawn = false
		if s.listener.Drawn != nil {
			s.listener.Drawn(s.step, time.Since(s.began))
		}
	}
	s.rest()
}

// paint draws everything but the cross-hair and what moves onto a screen.
func (s *Stage) paint(screen *ebiten.Image, now time.Time) {
	s.target, s.afloat = screen, false
	size := screen.Bounds().Size()
	w, h := float64(size.X)/s.scale, float64(size.Y)/s.scale
	screen.Fill(s.theme.back)
	var labels []Label
	switch s.mode {
	case WGAN:
		labels = s.drawPlanes(w, h)
	case Gumbel:
		labels = s.drawParts(w, h, s.drawPanels)
	case SOP:
		labels = s.drawParts(w, h, s.drawCompletions)
	case Semi:
		labels = s.drawParts(w, h, s.drawClasses)
	case Samples:
		labels = s.drawSamples(w, h)
	case Categorical:
		labels = s.drawParts(w, h, s.drawCategorical)
	}
	if s.listener.Labels != nil && !slices.Equal(labels, s.labels) {
		s.listener.Labels(labels)
	}
	s.labels = labels
	s.settle(now)
}

// rest tells the listener where there is nothing to do.
func (s *Stage) rest() {
	if !s.dirty && s.listener.Still != nil {
		s.listener.Still()
	}
}

// flush draws the marks that were collected, and ends that they are kept within a plot.
func (s *Stage) flush(screen canvas) {
	s.marks.draw(screen, s.markShader)
	s.marks.reset()
	s.marks.within = rect{}
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
