//go:build !linux

package record

func limitFiles() {}

func limitedRun(dir string) Job { return toyRun(dir, 1) }
