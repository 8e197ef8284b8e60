package record

import (
	"runtime"
	"runtime/debug"
)

// A Build is what made a run's numbers, beside its values.
type Build struct {
	Version string `json:"version"` // the code's commit, "+dirty" where it was changed since, or its release
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// ThisBuild returns the build that is running.
func ThisBuild() Build {
	b := Build{"unknown", runtime.Version(), runtime.GOOS, runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	commit, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+dirty"
		}
	}
	switch {
	case commit != "":
		b.Version = commit + dirty
	case info.Main.Version != "" && info.Main.Version != "(devel)":
		b.Version = info.Main.Version
	}
	return b
}

// String tells a build in a line.
func (b Build) String() string {
	return b.Version + " (" + b.Go + ", " + b.OS + "/" + b.Arch + ")"
}
