package gumbel

import (
	"math"
	"testing"

	"ganbel/core/graph"
)

// The ELBO is log p(x) where q(z|x) is the posterior p(z|x), and elsewhere less by
// KL[q(z|x) ‖ p(z|x)]: the expectation is exact, over both of two choices of three.
func TestELBO(t *testing.T) {
	v := Variables{2, 3}
	costs, prior := []float64{.3, 2, 1.1, .7, .2, 3}, []float64{.5, -1, .2, 0, 1.5, -.4}
	g := graph.New()
	x, q, p, cost := g.Input("x", 1, 1), g.Input("q", 1, 6), g.Input("p", 1, 6), g.Input("cost", 6, 1)
	c := Chain{X: x, Layers: []Layer{{v, func(in *graph.Node) *graph.Node { return q.Expand(in.Rows, 6) }}},
		Prior: p, Cost: func(z *graph.Node) *graph.Node { return z.MatMul(cost) }}
	loss, inputs, samples := c.Exact()
	all := make([]float64, len(samples[0]))
	for i, s := range samples[0] {
		all[i] = float64(s)
	}
	evidence, posterior := 0., make([]float64, 6) // the variables are independent
	for n := range 2 {
		prior, cost := prior[3*n:][:3], costs[3*n:][:3]
		sum, joint := 0., 0.
		for k := range 3 {
			sum += math.Exp(prior[k])
			joint += math.Exp(prior[k] - cost[k])
			posterior[3*n+k] = prior[k] - cost[k]
		}
		evidence += math.Log(joint / sum)
	}
	other, rest := []float64{1, 0, -1, .5, .5, -2}, g.Input("posterior", 1, 6)
	feed := graph.Feed{q: posterior, p: prior, cost: costs, rest: posterior, inputs[0]: all}
	if got := -graph.Eval(feed, loss)[0][0]; math.Abs(got-evidence) > 1e-12 {
		t.Errorf("of the posterior it is %v, want log p(x), %v", got, evidence)
	}
	feed[q] = other
	values := graph.Eval(feed, loss, v.KL(q, rest))
	if got, want := -values[0][0], evidence-values[1][0]; math.Abs(got-want) > 1e-12 || values[1][0] < .1 {
		t.Errorf("of another q it is %v, want %v, less by %v", got, want, values[1][0])
	}
}

// The parts of a bound belong together, and the divergence of normal variables is its
// integral.
func TestBound(t *testing.T) {
	g := graph.New()
	cost, kl := g.Input("cost", 2, 1), g.Input("kl", 2, 1)
	b := ELBO(cost, kl)
	v := graph.Eval(graph.Feed{cost: {5, 7}, kl: {1, 3}}, b.Loss, b.Cost, b.KL, b.Rows)
	if v[0][0] != 8 || v[1][0] != 6 || v[2][0] != 2 || v[3][0] != -6 || v[3][1] != -10 {
		t.Errorf("the bound of costs 5 and 7 and divergences 1 and 3 is %v", v)
	}
	mean, logVar := .7, -.4
	m, l := g.Input("mean", 1, 1), g.Input("variance", 1, 1)
	got, want := graph.Eval(graph.Feed{m: {mean}, l: {logVar}}, KLNormal(m, l))[0][0], 0.
	const h = 1e-3
	for z := -12.; z < 12; z += h {
		logq := -.5 * (math.Log(2*math.Pi) + logVar + (z-mean)*(z-mean)/math.Exp(logVar))
		want += h * math.Exp(logq) * (logq + .5*(math.Log(2*math.Pi)+z*z))
	}
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("KLNormal is %v, the integral %v", got, want)
	}
}
