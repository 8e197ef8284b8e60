package wgan

import (
	"math"

	"ganbel/core/data"
	"ganbel/core/measure"
	"ganbel/core/train"
)

// Figure1a is figure 1(a) of Gulrajani et al.: critics trained to optimality against
// a generator that is held at the real data plus N(0, 1), three by clipping their
// weights and three by the gradient penalty. Runs holds them row by row as the figure
// shows them, a rule a row and a data set a column.
type Figure1a struct{ Toys }

// Rows and columns of figure 1(a).
var (
	Figure1aRules = []Rule{Clip, Penalty}
	Figure1aData  = []string{"8gaussians", "25gaussians", "swissroll"}
)

// NewFigure1a builds the six critics on a run at step 0. Of c the data, the generator, the
// rule, the objective, the optimiser and its rate are the figure's own: RMSProp at the
// setting "clip-rate" for clipping, and Adam for the penalty.
func NewFigure1a(r *train.Run, c ToyConfig) *Figure1a {
	var names []string
	var all []ToyConfig
	c.Fixed, c.Objective = true, Wasserstein
	for _, rule := range Figure1aRules {
		for _, name := range Figure1aData {
			dist, err := data.Toy(name, nil)
			if err != nil {
				panic(err) // the names are ours
			}
			c.Data, c.Rule, c.Optimiser, c.Rate = dist, rule, "adam", ""
			if rule == Clip {
				c.Optimiser, c.Rate = "rmsprop", "clip-rate"
			}
			names, all = append(names, name+"-"+string(rule)), append(all, c)
		}
	}
	return &Figure1a{newToys(r, names, all)}
}

// Run returns a rule's critic of a data set, by their places in Figure1aRules and
// Figure1aData.
func (f *Figure1a) Run(rule, set int) *Toy { return f.Runs[rule*len(Figure1aData)+set] }

// A Distance is how far data are from themselves plus N(0, 1), and what the two
// critics of the data say of it.
type Distance struct {
	W1, Error float64    // exact W₁ of n real and n fake points, its mean over readings and the mean's standard error, NaN of one reading
	W1Parts   float64    // the same of n/4 points each, on the same points: more, as fewer points lie farther apart
	Estimate  [2]float64 // mean D(real) - mean D(fake) over all readings, a number a rule
	Optimal   [2]Slopes  // on segments between optimally coupled points, a number a rule
	Random    [2]Slopes  // on segments between independent points, where the penalty is paid
}

// Slopes are critic's gradients at uniform points of segments from real to fake points.
type Slopes struct {
	Mean   float64 // ‖∇D‖
	Off    float64 // the root of the mean of (‖∇D‖ - 1)²
	Cosine float64 // of the angle between ∇D and the direction from the fake to the real point
}

// Distance takes readings of n real and n fake points each, a multiple of 4, of a data
// set. It takes time n³, some five seconds for 2048 points, and draws from a stream of
// its own, so that it changes nothing and says the same again.
//
// Proposition 1 says that an optimal critic has Optimal's ‖∇D‖ = 1 and cosine 1 almost
// everywhere.
func (f *Figure1a) Distance(set, n, readings int) Distance {
	t := f.Run(0, set)
	r := f.run.Apart("distance")
	real, fake, mix := make([]float32, 2*n), make([]float32, 2*n), make([]float32, 2*n)
	noise, eps := make([]float32, 2*n), make([]float32, n)
	partner := make([]int, n)
	var whole, part measure.Assignment
	var d Distance
	var distances []float64
	for range readings {
		t.Plane.Data.Sample(real, r)
		t.Plane.Data.Sample(fake, r)
		r.Normal(noise)
		for i, x := range noise {
			fake[i] += x
		}
		w := whole.W1(real, fake, 2)
		distances = append(distances, w)
		for at := 0; at < 2*n; at += n / 2 {
			d.W1Parts += part.W1(real[at:at+n/2], fake[at:at+n/2], 2) / float64(4*readings)
		}
		for rule := range Figure1aRules {
			critic := f.Run(rule, set)
			of, _ := critic.Evaluate(real)
			against, _ := critic.Evaluate(fake)
			d.Estimate[rule] += (measure.Mean(of) - measure.Mean(against)) / float64(readings)
		}
		r.Uniform(eps)
		for optimal, to := range []*[2]Slopes{&d.Random, &d.Optimal} {
			for i := range partner {
				if partner[i] = i; optimal == 1 {
					partner[i] = whole.Pairs()[i]
				}
				for k := range 2 {
					mix[2*i+k] = eps[i]*real[2*i+k] + (1-eps[i])*fake[2*partner[i]+k]
				}
			}
			for rule := range Figure1aRules {
				_, gradient := f.Run(rule, set).Evaluate(mix)
				to[rule].add(gradient, real, fake, partner, float64(n*readings))
			}
		}
	}
	d.W1, d.Error = measure.MeanError(distances)
	for _, s := range []*[2]Slopes{&d.Random, &d.Optimal} {
		for rule := range s {
			s[rule].Off = math.Sqrt(s[rule].Off)
		}
	}
	return d
}

// add adds gradients at points between real ones and their partners to means over all
// points. Off is the mean of squares until all are added.
func (s *Slopes) add(gradient, real, fake []float32, partner []int, all float64) {
	for i, j := range partner {
		g := [2]float64{float64(gradient[2*i]), float64(gradient[2*i+1])}
		to := [2]float64{float64(real[2*i] - fake[2*j]), float64(real[2*i+1] - fake[2*j+1])}
		norm := math.Hypot(g[0], g[1])
		s.Mean += norm / all
		s.Off += (norm - 1) * (norm - 1) / all
		if long := norm * math.Hypot(to[0], to[1]); long > 0 {
			s.Cosine += (g[0]*to[0] + g[1]*to[1]) / long / all
		}
	}
}
