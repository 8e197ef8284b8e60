package nn

import "ganbel/core/graph"

// Adam is Kingma & Ba's optimiser in the form of their section 2's last
// paragraph, as TensorFlow and both papers use it:
//
//	m ← β₁m + (1-β₁)g    v ← β₂v + (1-β₂)g²
//	θ ← θ - rate·√(1-β₂ᵗ)/(1-β₁ᵗ) · m/(√v + ε)
type Adam struct {
	Rate         *graph.Node // (1, 1), an input, so that it can be turned
	Beta1, Beta2 float64
	Eps          float64 // 0 means 1e-8
}

// Minimize returns the updates of b, and of the optimiser's own states, that make
// one step down the gradient of loss, (1, 1).
func (a Adam) Minimize(loss *graph.Node, b *Block) []graph.Update {
	if a.Eps == 0 {
		a.Eps = 1e-8
	}
	x, g, s := b.Node, b.Grad(loss), b.Node.Graph()
	// The bias corrections 1-βᵗ are states of their own: c ← βc + (1-β).
	c1, c2 := s.State(b.Name+".adam.c1", 1, 1, 0), s.State(b.Name+".adam.c2", 1, 1, 0)
	m, v := s.State(b.Name+".adam.m", 1, b.Len(), 0), s.State(b.Name+".adam.v", 1, b.Len(), 0)
	d1, d2 := c1.Scale(a.Beta1).AddConst(1-a.Beta1), c2.Scale(a.Beta2).AddConst(1-a.Beta2)
	m2 := m.Scale(a.Beta1).Add(g.Scale(1 - a.Beta1))
	v2 := v.Scale(a.Beta2).Add(g.Square().Scale(1 - a.Beta2))
	rate := a.Rate.Mul(d2.Sqrt()).Div(d1)
	x2 := x.Sub(rate.Mul(m2.Div(v2.Sqrt().AddConst(a.Eps))))
	return []graph.Update{{X: x, Next: x2}, {X: m, Next: m2}, {X: v, Next: v2}, {X: c1, Next: d1}, {X: c2, Next: d2}}
}

// RMSProp is TensorFlow 1's: the mean square starts at one and ε stands inside
// the root. Weight-clipped WGANs use it.
//
//	s ← ρs + (1-ρ)g²    θ ← θ - rate·g/√(s + ε)
type RMSProp struct {
	Rate  *graph.Node // (1, 1)
	Decay float64     // ρ; 0 means .9
	Eps   float64     // 0 means 1e-10
}

// Minimize returns the updates of b, and of the optimiser's own states, that make
// one step down the gradient of loss, (1, 1).
func (r RMSProp) Minimize(loss *graph.Node, b *Block) []graph.Update {
	if r.Decay == 0 {
		r.Decay = .9
	}
	if r.Eps == 0 {
		r.Eps = 1e-10
	}
	x, g := b.Node, b.Grad(loss)
	s := x.Graph().State(b.Name+".rmsprop.s", 1, b.Len(), 1)
	s2 := s.Scale(r.Decay).Add(g.Square().Scale(1 - r.Decay))
	x2 := x.Sub(r.Rate.Mul(g.Div(s2.AddConst(r.Eps).Sqrt())))
	return []graph.Update{{X: x, Next: x2}, {X: s, Next: s2}}
}

// Momentum is stochastic gradient descent with momentum, plain descent where
// Momentum is 0.
//
//	v ← μv + g    θ ← θ - rate·v
type Momentum struct {
	Rate     *graph.Node // (1, 1)
	Momentum float64     // μ
}

// Minimize returns the updates of b, and of the optimiser's own states, that make
// one step down the gradient of loss, (1, 1).
func (o Momentum) Minimize(loss *graph.Node, b *Block) []graph.Update {
	x, g := b.Node, b.Grad(loss)
	v := x.Graph().State(b.Name+".momentum.v", 1, b.Len(), 0)
	v2 := v.Scale(o.Momentum).Add(g)
	return []graph.Update{{X: x, Next: x.Sub(o.Rate.Mul(v2))}, {X: v, Next: v2}}
}

// Clip returns updates, which it changes, with the block's next value held within [-bound, bound],
// where bound is (1, 1): how a WGAN without penalty keeps its critic Lipschitz.
func Clip(updates []graph.Update, b *Block, bound *graph.Node) []graph.Update {
	for i, u := range updates {
		if u.X == b.Node {
			updates[i].Next = u.Next.Min(bound).Max(bound.Neg())
		}
	}
	return updates
}
