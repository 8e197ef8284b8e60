//go:build !amd64 || purego

package simd

func machineKernels() []blockKernel { return nil }
