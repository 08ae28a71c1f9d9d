package dev.dyad.socket;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A system call failed.
///
/// The message names the call, what it was about where that is known, and the error:
/// `posix_spawn: /no/such: No such file or directory (ENOENT)`.
///
/// {@snippet file="dev/dyad/socket/examples/StreamExamplesTest.java" region="system-call-exception"}
public class SystemCallException extends IOException {

    private static final long serialVersionUID = 1L;

    /// The name of the call.
    private final String call;

    /// The number of its error: [Errno] itself is no [java.io.Serializable].
    private final int errno;

    /// Makes the exception of a call that failed.
    ///
    /// @param call the name of the call, such as `sendmsg`
    /// @param errno its error
    public SystemCallException(String call, Errno errno) {
        this(call, errno, null);
    }

    /// Makes the exception of a call that failed, and says what it was about.
    ///
    /// @param call the name of the call, such as `posix_spawn`
    /// @param errno its error
    /// @param subject a path or a sentence, or `null`
    public SystemCallException(String call, Errno errno, @Nullable String subject) {
        super(call + ": " + (subject == null ? "" : subject + ": ") + errno);
        this.call = call;
        this.errno = errno.code();
    }

    /// Returns the name of the call that failed.
    ///
    /// @return the name, such as `sendmsg`
    public String call() {
        return call;
    }

    /// Returns the error of the call.
    ///
    /// @return the error
    public Errno errno() {
        return new Errno(errno);
    }
}
