package onnx

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// A message is a protobuf message that grows by a field at a time. The numbers of
// fields are those of onnx.proto.
type message []byte

func (m message) number(field protowire.Number, v int) message {
	return protowire.AppendVarint(protowire.AppendTag(m, field, protowire.VarintType), uint64(v))
}

func (m message) float(field protowire.Number, v float32) message {
	return protowire.AppendFixed32(protowire.AppendTag(m, field, protowire.Fixed32Type), math.Float32bits(v))
}

func (m message) text(field protowire.Number, s string) message {
	return protowire.AppendString(protowire.AppendTag(m, field, protowire.BytesType), s)
}

func (m message) message(field protowire.Number, v message) message {
	return protowire.AppendBytes(protowire.AppendTag(m, field, protowire.BytesType), v)
}

// The types that tensors have here.
const (
	floatType = 1
	int64Type = 7
)

// tensor returns a TensorProto. raw is little-endian.
func tensor(name string, kind int, shape []int, raw []byte) message {
	var m message
	for _, d := range shape {
		m = m.number(1, d)
	}
	return m.number(2, kind).text(8, name).message(9, raw)
}

// floats returns a TensorProto of float32.
func floats(name string, shape []int, v []float32) message {
	raw := make([]byte, 0, 4*len(v))
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
	}
	return tensor(name, floatType, shape, raw)
}

// integers returns a TensorProto of int64, (n).
func integers(name string, v ...int) message {
	raw := make([]byte, 0, 8*len(v))
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(x))
	}
	return tensor(name, int64Type, []int{len(v)}, raw)
}

// value returns a ValueInfoProto of float32, whose first side is called batch
// where it is 0.
func value(name string, shape []int, doc string) message {
	var sides message
	for _, d := range shape {
		side := message{}.number(1, d)
		if d == 0 {
			side = message{}.text(2, "batch")
		}
		sides = sides.message(1, side)
	}
	kind := message{}.message(1, message{}.number(1, floatType).message(2, sides))
	return message{}.text(1, name).message(2, kind).text(3, doc)
}
