//go:build !purego

package simd

func machineKernels() (all []blockKernel) {
	if useAVX2 {
		all = append(all, blockKernel{"AVX2", 6, 16, blockAVX2})
	}
	if useAVX512 {
		all = append(all, blockKernel{"AVX-512", 12, 32, blockAVX512})
	}
	return all
}
