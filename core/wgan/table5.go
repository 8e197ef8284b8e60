package wgan

// Table5 is table 5, of which table 2 is a part: how many of 200 random architectures
// exceed an Inception Score on 32 by 32 ImageNet with GAN alone, with WGAN-GP alone,
// with both and with neither.
var Table5 = []struct {
	Score                               float64
	OnlyGAN, OnlyPenalty, Both, Neither int
}{
	{1, 0, 8, 192, 0}, {1.5, 0, 50, 150, 0}, {2, 0, 60, 140, 0}, {2.5, 0, 74, 125, 1}, {3, 1, 88, 110, 1}, {3.5, 0, 111, 86, 3},
	{4, 1, 126, 67, 6}, {4.5, 0, 136, 55, 9}, {5, 0, 147, 42, 11}, {5.5, 0, 148, 32, 20}, {6, 0, 145, 21, 34}, {6.5, 1, 131, 11, 57},
	{7, 1, 104, 5, 90}, {7.5, 2, 67, 3, 128}, {8, 1, 34, 0, 165}, {8.5, 0, 6, 0, 194}, {9, 0, 0, 0, 200},
}
