package wgan

import (
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
)

// openCritic builds a critic step: lines 4 to 9 of Algorithm 1.
func (t *Trainer) openCritic() {
	t.critic = t.side("")
	s := t.critic
	l := s.loss
	outs := []*graph.Node{l.Loss, l.Estimate}
	switch {
	case t.Real.Count() == 0: // small enough to be looked at
		outs = append(outs, l.Penalty, l.Slope, s.fake, l.Mix, l.Real, l.Fake)
	case t.Penalised():
		outs = append(outs, l.Penalty, l.Slope)
	}
	if t.net.Classify != nil {
		t.right = [2]*graph.Node{t.net.Classify(s.real).OneHotMax(), t.net.Classify(s.fake).OneHotMax()}
		outs = append(outs, t.right[:]...)
	}
	d := t.blocks[0]
	updates := t.minimise(t.criticDescends(), d)
	if t.Rule == Clip {
		updates = nn.Clip(updates, d, t.bound)
	}
	t.critic.machine = t.run.Open(program.Compile(updates, outs...))
}

// openGenerator builds a generator step: lines 11 and 12.
func (t *Trainer) openGenerator() {
	p := &t.generator
	p.z = t.input("generator z", t.GeneratorBatch, t.Latent)
	if k := t.Classes(); k > 0 {
		p.labels = t.input("generator labels", t.GeneratorBatch, k)
	}
	p.loss = t.Method.Generator(t.net.Critic, t.made())
	p.machine = t.run.Open(program.Compile(t.minimise(t.generatorDescends(), t.blocks[1]), p.loss))
}

// made returns what the generator makes in its step.
func (t *Trainer) made() *graph.Node { return t.fake(t.generator.z, t.generator.labels, t.Groups) }

// generatorDescends returns the generator's loss with what AC-GAN adds to it.
func (t *Trainer) generatorDescends() *graph.Node {
	loss := t.generator.loss
	if t.net.Classify != nil {
		loss = loss.Add(nn.ClassCrossEntropy(t.net.Classify(t.made()), t.generator.labels).Scale(t.GeneratorClasses))
	}
	return loss
}

// criticDescends returns the critic's loss with what AC-GAN and weight decay add to it.
func (t *Trainer) criticDescends() *graph.Node {
	loss := t.critic.loss.Loss
	if t.net.Classify != nil {
		loss = loss.Add(nn.ClassCrossEntropy(t.net.Classify(t.critic.real), t.critic.labels).Scale(t.CriticClasses))
	}
	if t.WeightDecay > 0 {
		for _, p := range t.blocks[0].Params() {
			if p.Rows > 1 { // a weight matrix
				loss = loss.Add(p.Node.Square().Sum().Scale(t.WeightDecay / 2))
			}
		}
	}
	return loss
}

// Classes returns how many classes the networks know, 0 for none.
func (t *Trainer) Classes() int {
	if t.net.Classify == nil {
		return 0
	}
	return t.Real.Classes()
}

// side declares the critic's loss on a batch, whose inputs are called what and more.
func (t *Trainer) side(what string) side {
	n, size := t.Batch, t.Real.Size()
	s := side{real: t.input(what+"real", n, size), eps: t.input(what+"eps", n, 1)}
	if t.Fixed {
		s.z = t.input(what+"fake", n, size)
		s.fake = s.z
	} else {
		s.z = t.input(what+"z", n, t.Latent)
		if k := t.Classes(); k > 0 {
			s.labels = t.input(what+"labels", n, k)
		}
		s.fake = t.fake(s.z, s.labels, t.Groups)
	}
	s.loss = t.Method.Critic(t.net.Critic, s.real, s.fake, s.eps, t.lambda)
	return s
}

// fake returns G(z), (n, size), made in groups by themselves.
func (t *Trainer) fake(z, labels *graph.Node, groups int) *graph.Node {
	if groups == 1 {
		return t.net.Generator(z, labels)
	}
	part := func(x *graph.Node, i int) *graph.Node {
		if x == nil {
			return nil
		}
		n := x.Len() / groups
		return x.Reshape(1, x.Len()).Slice(i*n, (i+1)*n).Reshape(x.Rows/groups, x.Cols)
	}
	var all []*graph.Node
	for i := range groups {
		f := t.net.Generator(part(z, i), part(labels, i))
		all = append(all, f.Reshape(1, f.Len()))
	}
	return graph.ConcatCols(all...).Reshape(z.Rows, t.Real.Size())
}

// minimise returns the updates of a step down the loss.
func (t *Trainer) minimise(loss *graph.Node, b *nn.Block) []graph.Update {
	updates := minimise(t.Optimiser, t.rate, t.Beta1, t.Beta2, loss, b)
	t.run.Learns(t.Name, updates, b, loss)
	return updates
}
