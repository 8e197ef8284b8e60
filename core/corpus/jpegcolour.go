package corpus

// transform is libjpeg's slow integer inverse DCT of a block, after
// jidctint.c: it dequantizes the coefficients and writes the samples of the block
// at place x of row y.
func (c *jpegComponent) transform(x, y int, b *[64]int16) {
	const bits, extra = 13, 2
	var w [64]int32
	for i := range 8 {
		var v [8]int32
		some := false
		for k := range v {
			v[k] = int32(b[8*k+i]) * c.quant[8*k+i]
			some = some || k > 0 && v[k] != 0
		}
		if !some { // as is often so
			for k := range v {
				w[8*k+i] = v[0] << extra
			}
			continue
		}
		v = idct(v, bits-extra)
		for k := range v {
			w[8*k+i] = v[k]
		}
	}
	stride := 8 * c.blocks
	out := c.samples[8*(y*stride+x):]
	for i := range 8 {
		v := idct([8]int32(w[8*i:]), bits+extra+3)
		for k := range v {
			out[i*stride+k] = uint8(min(max(v[k]+128, 0), 255))
		}
	}
}

// idct is the inverse DCT of 8 numbers, whose result is divided by 2^shift and
// rounded.
func idct(v [8]int32, shift int) [8]int32 {
	// Constants are times 2^13.
	z := (v[2] + v[6]) * 4433
	t2, t3 := z-v[6]*15137, z+v[2]*6270
	t0, t1 := (v[0]+v[4])<<13, (v[0]-v[4])<<13
	a0, a3, a1, a2 := t0+t3, t0-t3, t1+t2, t1-t2

	t0, t1, t2, t3 = v[7], v[5], v[3], v[1]
	z1, z2, z3, z4 := t0+t3, t1+t2, t0+t2, t1+t3
	z5 := (z3 + z4) * 9633
	t0, t1, t2, t3 = t0*2446, t1*16819, t2*25172, t3*12299
	z1, z2, z3, z4 = -z1*7373, -z2*20995, -z3*16069+z5, -z4*3196+z5
	t0, t1, t2, t3 = t0+z1+z3, t1+z2+z4, t2+z2+z3, t3+z1+z4

	half := int32(1) << (shift - 1)
	return [8]int32{
		(a0 + t3 + half) >> shift, (a1 + t2 + half) >> shift, (a2 + t1 + half) >> shift, (a3 + t0 + half) >> shift,
		(a3 - t0 + half) >> shift, (a2 - t1 + half) >> shift, (a1 - t2 + half) >> shift, (a0 - t3 + half) >> shift,
	}
}

// A sampler writes row y of the image of a component's samples to dst.
type sampler func(dst []uint8, y int)

// sampler chooses what libjpeg chooses: a triangle filter to double the columns,
// the rows or both, and copies otherwise, which also serve for components of 1 or
// 2 columns.
func (d *jpegFile) sampler(c *jpegComponent) sampler {
	line := func(y int) []uint8 { return c.samples[min(max(y, 0), c.high-1)*8*c.blocks:][:c.wide] }
	h, v := d.maxH/c.h, d.maxV/c.v
	switch {
	case h == 1 && v == 1:
		return func(dst []uint8, y int) { copy(dst, line(y)) }
	case h == 2 && v == 1 && c.wide > 2:
		return func(dst []uint8, y int) {
			in := line(y)
			for i, s := range in {
				three := 3 * uint32(s)
				left, right := uint32(in[max(i-1, 0)]), uint32(in[min(i+1, len(in)-1)])
				// At either end the three parts are of one sample: (4·s+1)>>2 is s.
				dst[2*i] = uint8((three + left + 1) >> 2)
				if 2*i+1 < len(dst) {
					dst[2*i+1] = uint8((three + right + 2) >> 2)
				}
			}
		}
	case h == 1 && v == 2:
		return func(dst []uint8, y int) {
			near, far, bias := line(y/2), line(y/2-1), uint32(1)
			if y%2 == 1 {
				far, bias = line(y/2+1), 2
			}
			for i := range near {
				dst[i] = uint8((3*uint32(near[i]) + uint32(far[i]) + bias) >> 2)
			}
		}
	case h == 2 && v == 2 && c.wide > 2:
		sums := make([]uint32, c.wide)
		return func(dst []uint8, y int) {
			near, far := line(y/2), line(y/2-1+y%2*2)
			for i := range sums {
				sums[i] = 3*uint32(near[i]) + uint32(far[i])
			}
			for i, s := range sums {
				left, right := sums[max(i-1, 0)], sums[min(i+1, len(sums)-1)]
				dst[2*i] = uint8((3*s + left + 8) >> 4)
				if 2*i+1 < len(dst) {
					dst[2*i+1] = uint8((3*s + right + 7) >> 4)
				}
			}
		}
	}
	return func(dst []uint8, y int) {
		in := line(y / v)
		for i := range dst {
			dst[i] = in[i/h]
		}
	}
}

// picture makes an image of the components. Their colours are what libjpeg takes
// them for; inks it makes to colours as Pillow does.
func (d *jpegFile) picture() (picture, error) {
	p := picture{rows: d.rows, cols: d.cols, channels: 1}
	if len(d.components) > 1 {
		p.channels = 3
	}
	p.pixels = make([]uint8, p.rows*p.cols*p.channels)
	var samplers []sampler
	var lines [4][]uint8
	for i := range d.components {
		samplers = append(samplers, d.sampler(&d.components[i]))
		lines[i] = make([]uint8, d.cols)
	}
	ycc := d.ycc()
	for y := range p.rows {
		for i, s := range samplers {
			s(lines[i], y)
		}
		row := p.pixels[y*p.cols*p.channels:][:p.cols*p.channels]
		if p.channels == 1 {
			copy(row, lines[0])
			continue
		}
		for x := range p.cols {
			r, g, b := lines[0][x], lines[1][x], lines[2][x]
			if ycc {
				r, g, b = jfifColour(r, g, b)
			}
			if len(samplers) == 4 {
				k := lines[3][x]
				if ycc { // the inks are what the colour lacks, and are stored as what they lack
					r, g, b = 255-r, 255-g, 255-b
				}
				r, g, b = inked(r, k), inked(g, k), inked(b, k)
			}
			row[3*x], row[3*x+1], row[3*x+2] = r, g, b
		}
	}
	return p, nil
}

// ycc reports whether the first three components are luminance and chroma.
func (d *jpegFile) ycc() bool {
	if len(d.components) == 4 {
		return d.adobe > 0
	}
	if d.jfif || d.adobe >= 0 {
		return d.jfif || d.adobe != 0
	}
	return len(d.components) == 3 && !(d.components[0].id == 'R' && d.components[1].id == 'G' && d.components[2].id == 'B')
}

// jfifColour is the colour of a luminance and chroma of JFIF.
func jfifColour(y, cb, cr uint8) (r, g, b uint8) {
	l, u, v := int32(y), int32(cb)-128, int32(cr)-128
	return clip(l + (91881*v+1<<15)>>16), clip(l + (-22554*u-46802*v+1<<15)>>16), clip(l + (116130*u+1<<15)>>16)
}

func clip(v int32) uint8 { return uint8(min(max(v, 0), 255)) }

// inked returns what two inks, given by what is left of the light, leave of it.
func inked(ink, black uint8) uint8 { return black - times(255-ink, black) }

// times returns a·b/255, rounded.
func times(a, b uint8) uint8 {
	t := uint32(a)*uint32(b) + 128
	return uint8((t>>8 + t) >> 8)
}
