package record

import (
	"context"
	"io"
	"os"
	"os/exec"
)

// tethered is the environment variable that makes a process watch its standard input.
const tethered = "GANBEL_TETHERED"

// Tether makes a command, not started yet, end when this process ends for any reason: the
// command's standard input becomes a pipe, which the system then closes. The command must
// call Tethered. cut closes the pipe, which asks the command to end as SIGTERM does, on
// every system; it can be the command's Cancel.
func Tether(c *exec.Cmd) (cut func() error, err error) {
	if c.Env == nil {
		c.Env = os.Environ()
	}
	c.Env = append(c.Env, tethered+"=1")
	pipe, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	return pipe.Close, nil
}

// Tethered returns a context that ends when ctx does, or when the process that started
// this one with Tether has ended. In a process that was started without it, it returns
// ctx.
func Tethered(ctx context.Context) context.Context {
	if os.Getenv(tethered) == "" {
		return ctx
	}
	os.Unsetenv(tethered) // processes that this one starts must not inherit it
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		io.Copy(io.Discard, os.Stdin) // until the pipe is closed
		cancel()
	}()
	return ctx
}
