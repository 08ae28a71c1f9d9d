package dev.dyad.socket;

import dev.dyad.posix.Platforms;
import org.jspecify.annotations.Nullable;

/// An error number of this system.
///
/// Not an enum: a kernel may answer with a number that was not known when this was compiled. Where Dyad has no
/// native calls, the numbers are those of Linux.
///
/// {@snippet file="dev/dyad/socket/examples/ListenerExamplesTest.java" region="errno"}
///
/// @param code the number, as in `<errno.h>`
/// @see <a href="https://man7.org/linux/man-pages/man3/errno.3.html">errno(3)</a>
public record Errno(int code) {

    /// The call would have blocked.
    public static final Errno EAGAIN = named("EAGAIN");
    /// The descriptor is not open.
    public static final Errno EBADF = named("EBADF");
    /// Memory outside of the process was named.
    public static final Errno EFAULT = named("EFAULT");
    /// A signal arrived before the call did anything.
    public static final Errno EINTR = named("EINTR");
    /// An argument is not valid.
    public static final Errno EINVAL = named("EINVAL");
    /// This process has no descriptor left.
    public static final Errno EMFILE = named("EMFILE");
    /// This system has no descriptor left.
    public static final Errno ENFILE = named("ENFILE");
    /// There is no such file or folder.
    public static final Errno ENOENT = named("ENOENT");
    /// Permission is denied.
    public static final Errno EACCES = named("EACCES");
    /// There is no such child process.
    public static final Errno ECHILD = named("ECHILD");
    /// There is no such process.
    public static final Errno ESRCH = named("ESRCH");
    /// The peer has closed its end.
    public static final Errno EPIPE = named("EPIPE");
    /// The peer closed its end without reading everything.
    public static final Errno ECONNRESET = named("ECONNRESET");
    /// The socket is not connected.
    public static final Errno ENOTCONN = named("ENOTCONN");
    /// A connection is being made.
    public static final Errno EINPROGRESS = named("EINPROGRESS");
    /// The socket is connected already.
    public static final Errno EISCONN = named("EISCONN");
    /// Nobody listens there.
    public static final Errno ECONNREFUSED = named("ECONNREFUSED");
    /// The connection was given up before it was accepted.
    public static final Errno ECONNABORTED = named("ECONNABORTED");
    /// The address is in use.
    public static final Errno EADDRINUSE = named("EADDRINUSE");
    /// The message is too long.
    public static final Errno EMSGSIZE = named("EMSGSIZE");
    /// Too many descriptors are under way.
    public static final Errno ETOOMANYREFS = named("ETOOMANYREFS");
    /// There is no such option.
    public static final Errno ENOPROTOOPT = named("ENOPROTOOPT");
    /// The descriptor is not a socket.
    public static final Errno ENOTSOCK = named("ENOTSOCK");
    /// The socket is of the wrong type.
    public static final Errno EPROTOTYPE = named("EPROTOTYPE");
    /// The protocol is not supported.
    public static final Errno EPROTONOSUPPORT = named("EPROTONOSUPPORT");
    /// The socket type is not supported.
    public static final Errno ESOCKTNOSUPPORT = named("ESOCKTNOSUPPORT");
    /// The operation is not supported.
    public static final Errno EOPNOTSUPP = named("EOPNOTSUPP");
    /// The address family is not supported.
    public static final Errno EAFNOSUPPORT = named("EAFNOSUPPORT");

    /// Returns the error in the `-errno` that a call answered.
    ///
    /// @param answer a negative answer
    /// @return the error
    public static Errno of(long answer) {
        return new Errno((int) -answer);
    }

    /// Returns the name, such as `EPIPE`, or `errno 4095` for a number without one.
    ///
    /// @return the name
    public String name() {
        String name = Platforms.current().errnoName(code);
        return name != null ? name : "errno " + code;
    }

    /// Returns what the C library says of it, such as `Broken pipe`.
    ///
    /// @return the text, in English
    public String text() {
        return Platforms.current().errnoText(code);
    }

    /// Returns whether it is the same number.
    ///
    /// Written by hand: the compiler's version would leave this class in a cache of the JDK, and with it, until
    /// memory is short, the class loader of an application that is gone.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Errno errno && errno.code == code;
    }

    @Override
    public int hashCode() {
        return code;
    }

    /// Returns text and name.
    @Override
    public String toString() {
        return text() + " (" + name() + ")";
    }

    static Errno named(String name) {
        return new Errno(Platforms.current().errno(name));
    }
}
