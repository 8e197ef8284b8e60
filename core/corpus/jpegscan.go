package corpus

import (
	"errors"
	"fmt"
)

// A jpegHuffman is a table of Huffman codes.
type jpegHuffman struct {
	short  [1 << 9]uint16 // by the next 9 bits: the value, and the code's length << 8; 0 if it is longer
	least  [17]int32      // the first code of each length
	count  [17]int32      // how many codes each length has
	first  [17]int32      // the place of its first value
	values []byte
}

// tables reads Huffman tables.
func (d *jpegFile) tables(s []byte) error {
	for len(s) > 0 {
		if len(s) < 17 {
			return errJPEGCut
		}
		class, k := s[0]>>4, s[0]&15
		if class > 1 || k > 3 {
			return errors.New("bad Huffman table")
		}
		h := &jpegHuffman{}
		code, n := int32(0), int32(0)
		for l := 1; l <= 16; l++ {
			h.least[l], h.count[l], h.first[l] = code, int32(s[l]), n
			code += int32(s[l])
			n += int32(s[l])
			if code > 1<<l {
				return errors.New("bad Huffman table")
			}
			code <<= 1
		}
		if n > 256 || len(s) < 17+int(n) {
			return errors.New("bad Huffman table")
		}
		h.values = s[17 : 17+n]
		for l := 1; l <= 9; l++ {
			for i := range h.count[l] {
				v := h.values[h.first[l]+i]
				if class == 0 && v > 15 {
					return errors.New("bad Huffman table")
				}
				from := (h.least[l] + i) << (9 - l)
				for k := range int32(1) << (9 - l) {
					h.short[from+k] = uint16(l)<<8 | uint16(v)
				}
			}
		}
		d.huffman[class][k] = h
		s = s[17+n:]
	}
	return nil
}

// fill takes bytes from the file, up to a marker, unless the scan is broken.
func (d *jpegFile) fill() {
	for 0 <= d.have && d.have <= 48 && d.at < len(d.b) {
		c := d.b[d.at]
		if c == 0xff {
			if d.at+1 >= len(d.b) || d.b[d.at+1] != 0 {
				return
			}
			d.at++
		}
		d.at++
		d.acc = d.acc<<8 | uint64(c)
		d.have += 8
	}
}

// bits returns the next n bits, up to 16. If fewer are left it returns zeros, and have is
// less than 0.
func (d *jpegFile) bits(n int) int32 {
	if d.have < n {
		if d.fill(); d.have < n {
			d.have = -1 << 20
			return 0
		}
	}
	d.have -= n
	return int32(d.acc>>d.have) & (1<<n - 1)
}

// value returns the number whose category is n, which the next n bits say.
func (d *jpegFile) value(n int) int32 {
	if n == 0 {
		return 0
	}
	v := d.bits(n)
	if v < 1<<(n-1) {
		v -= 1<<n - 1
	}
	return v
}

// symbol decodes a Huffman code.
func (d *jpegFile) symbol(h *jpegHuffman) byte {
	if d.have < 16 {
		d.fill()
	}
	if d.have < 0 {
		return 0
	}
	var next int32 // 16 bits, with zeros after the end
	if d.have >= 16 {
		next = int32(d.acc>>(d.have-16)) & 0xffff
	} else {
		next = int32(d.acc<<(16-d.have)) & 0xffff
	}
	if e := h.short[next>>7]; e != 0 {
		if d.have -= int(e >> 8); d.have < 0 {
			d.have = -1 << 20
		}
		return byte(e)
	}
	for l := 10; l <= 16; l++ {
		if i := next>>(16-l) - h.least[l]; i >= 0 && i < h.count[l] {
			if d.have -= l; d.have < 0 {
				break
			}
			return h.values[h.first[l]+i]
		}
	}
	d.have = -1 << 20
	return 0
}

// scanComponent is a component of a scan with its tables.
type scanComponent struct {
	*jpegComponent
	dcTable, acTable *jpegHuffman
}

// A spectrum says which bits of which coefficients a scan has.
type spectrum struct{ from, to, high, low int }

// scan reads a scan.
func (d *jpegFile) scan(s []byte) error {
	if d.components == nil {
		return errors.New("has a scan before its frame")
	}
	if d.scans++; d.scans > maxScans {
		return fmt.Errorf("has more than %d scans", maxScans)
	}
	if len(s) < 1 || len(s) < 4+2*int(s[0]) || s[0] < 1 || s[0] > 4 {
		return errors.New("bad scan")
	}
	n := int(s[0])
	p := spectrum{int(s[1+2*n]), int(s[2+2*n]), int(s[3+2*n] >> 4), int(s[3+2*n] & 15)}
	if !d.progressive {
		p = spectrum{0, 63, 0, 0}
	} else if p.from == 0 && p.to != 0 || p.from > 0 && n > 1 || p.from > p.to || p.to > 63 || p.low > 13 || p.high != 0 && p.low != p.high-1 {
		return errors.New("bad scan")
	}
	of, err := d.scanned(s, p)
	if err != nil {
		return err
	}
	across, down := ceil(d.cols, 8*d.maxH), ceil(d.rows, 8*d.maxV)
	if n == 1 { // what fills the MCUs is left out
		across, down = ceil(of[0].wide, 8), ceil(of[0].high, 8)
	}
	d.begin()
	for mcu := range across * down {
		if d.restart > 0 && mcu > 0 && mcu%d.restart == 0 {
			if err := d.next(mcu/d.restart - 1); err != nil {
				return err
			}
		}
		x, y := mcu%across, mcu/across
		for i := range of {
			c := &of[i]
			if n == 1 {
				d.block(c, x, y, p)
				continue
			}
			for k := range c.h * c.v {
				d.block(c, x*c.h+k%c.h, y*c.v+k/c.h, p)
			}
		}
		if d.have < 0 {
			return fmt.Errorf("row %d of blocks: cut, or a code that there is not", y)
		}
	}
	return nil
}

// scanned returns the components of a scan, each with its tables and its memory.
func (d *jpegFile) scanned(s []byte, p spectrum) (of []scanComponent, err error) {
	n, blocks := int(s[0]), 0
	for i := range n {
		var c scanComponent
		for k := range d.components {
			if d.components[k].id == int(s[1+2*i]) && c.jpegComponent == nil {
				c.jpegComponent = &d.components[k]
			}
		}
		dc, ac := s[2+2*i]>>4, s[2+2*i]&15
		if c.jpegComponent == nil || dc > 3 || ac > 3 {
			return nil, errors.New("bad scan")
		}
		for _, before := range of {
			if before.jpegComponent == c.jpegComponent {
				return nil, errors.New("bad scan")
			}
		}
		c.dcTable, c.acTable = d.huffman[0][dc], d.huffman[1][ac]
		if p.from == 0 && p.high == 0 && c.dcTable == nil || p.to > 0 && c.acTable == nil {
			return nil, errors.New("has a scan without its Huffman table")
		}
		if c.seen && !d.progressive {
			return nil, errors.New("has two scans of a component")
		}
		if !c.seen {
			c.seen = true
			if c.quant = d.quant[c.tq]; c.quant == nil {
				return nil, errors.New("has a scan without its quantization table")
			}
			c.allocate(d.progressive)
		}
		blocks += c.h * c.v
		of = append(of, c)
	}
	if n > 1 && blocks > 10 {
		return nil, errors.New("has an MCU of more than 10 blocks")
	}
	return of, nil
}

// begin forgets what comes before a scan or a restart.
func (d *jpegFile) begin() {
	d.acc, d.have, d.run = 0, 0, 0
	for i := range d.components {
		d.components[i].dc = 0
	}
}

// next goes to the restart marker of a number.
func (d *jpegFile) next(number int) error {
	m, err := d.marker()
	if err == nil && m != 0xd0+byte(number&7) {
		err = fmt.Errorf("has the marker %#x, expected restart %d", m, number&7)
	}
	d.begin()
	return err
}

// block decodes what a scan has of a block.
func (d *jpegFile) block(c *scanComponent, x, y int, p spectrum) {
	if !d.progressive {
		var b [64]int16
		d.sequential(c, &b)
		c.transform(x, y, &b)
		return
	}
	b := (*[64]int16)(c.coefficients[64*(y*c.blocks+x):])
	switch {
	case p.from == 0 && p.high == 0:
		c.dc += d.value(int(d.symbol(c.dcTable) & 15))
		b[0] = int16(c.dc << p.low)
	case p.from == 0:
		b[0] |= int16(d.bits(1) << p.low)
	case p.high == 0:
		d.first(c.acTable, b, p)
	default:
		d.refine(c.acTable, b, p)
	}
}

// sequential decodes all of a block.
func (d *jpegFile) sequential(c *scanComponent, b *[64]int16) {
	c.dc += d.value(int(d.symbol(c.dcTable) & 15))
	b[0] = int16(c.dc)
	for k := 1; k < 64; k++ {
		s := d.symbol(c.acTable)
		if s&15 == 0 {
			if s != 0xf0 {
				return
			}
			k += 15
			continue
		}
		if k += int(s >> 4); k > 63 {
			d.have = -1 << 20
			return
		}
		b[zigzag[k]] = int16(d.value(int(s & 15)))
	}
}

// first decodes the highest bits of coefficients.
func (d *jpegFile) first(h *jpegHuffman, b *[64]int16, p spectrum) {
	if d.run > 0 {
		d.run--
		return
	}
	for k := p.from; k <= p.to; k++ {
		s := d.symbol(h)
		r, n := int(s>>4), int(s&15)
		switch {
		case n > 0:
			if k += r; k > p.to {
				d.have = -1 << 20
				return
			}
			b[zigzag[k]] = int16(d.value(n) << p.low)
		case r == 15:
			k += 15
		default:
			d.run = 1<<r - 1 + int(d.bits(r))
			return
		}
	}
}

// refine decodes one more bit of coefficients.
func (d *jpegFile) refine(h *jpegHuffman, b *[64]int16, p spectrum) {
	bit := int16(1) << p.low
	// skip refines what is not 0 until it has passed zeros that are, and returns the
	// place of the next that is.
	skip := func(k, zeros int) int {
		for ; k <= p.to; k++ {
			c := &b[zigzag[k]]
			if *c == 0 {
				if zeros == 0 {
					return k
				}
				zeros--
				continue
			}
			if d.bits(1) == 1 && *c&bit == 0 {
				if *c > 0 {
					*c += bit
				} else {
					*c -= bit
				}
			}
		}
		return k
	}
	k := p.from
	if d.run == 0 {
		for ; k <= p.to; k++ {
			s := d.symbol(h)
			r, n := int(s>>4), int(s&15)
			var v int16
			switch {
			case n == 0 && r < 15:
				d.run = 1<<r + int(d.bits(r))
			case n == 1:
				if v = -bit; d.bits(1) == 1 {
					v = bit
				}
			case n > 1:
				d.have = -1 << 20
			}
			if d.run > 0 || d.have < 0 {
				break
			}
			if k = skip(k, r); k <= p.to && v != 0 {
				b[zigzag[k]] = v
			}
		}
	}
	if d.run > 0 {
		skip(k, 64)
		d.run--
	}
}
