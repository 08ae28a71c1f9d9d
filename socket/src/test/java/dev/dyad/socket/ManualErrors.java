package dev.dyad.socket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The errors with which each call may fail by the manual pages of Linux (man-pages 6.03), and what each means
/// to the caller of Dyad.
///
/// One row per call. `read` and `write` are made only on wake descriptors: their page is eventfd(2).
final class ManualErrors {

    /// What an error means to the caller of Dyad.
    enum Meaning {
        /// The operation fails, and says which call did and how.
        FAILURE,
        /// As a failure, or as an [AssertionError] that names the call: nothing but a bug of ours makes it.
        BUG,
        /// The operation goes on: the call is made again, or was not needed.
        GOES_ON,
        /// A failure or not, by what the call was for.
        EITHER
    }

    /// One error of a call.
    ///
    /// @param made whether the call is made all the same: where the kernel says so of what it goes on with
    record Row(Errno errno, Meaning meaning, boolean made) {}

    private static final Map<String, List<Row>> PAGES = new HashMap<>();

    static {
        page("socketpair", "EAFNOSUPPORT EMFILE ENFILE EOPNOTSUPP EPROTONOSUPPORT")
                .bug("EFAULT");
        page("socket", "EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPROTONOSUPPORT");
        page("bind", "EACCES EADDRINUSE EINVAL EADDRNOTAVAIL ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR EROFS")
                .bug("EBADF ENOTSOCK EFAULT");
        page("listen", "EADDRINUSE EOPNOTSUPP").bug("EBADF ENOTSOCK");
        page("accept4", "EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPERM ENOSR ESOCKTNOSUPPORT EPROTONOSUPPORT ETIMEDOUT")
                .bug("EBADF EFAULT ENOTSOCK")
                .goesOn("EAGAIN ECONNABORTED EINTR")
                .goesOn("ENETDOWN EPROTO ENOPROTOOPT EHOSTDOWN ENONET EHOSTUNREACH ENETUNREACH") // of the new
                // connection
                .either("EOPNOTSUPP");
        page("connect", "EACCES EPERM EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT ECONNREFUSED EISCONN ENETUNREACH")
                .fails("EPROTOTYPE ETIMEDOUT")
                .bug("EBADF EFAULT ENOTSOCK")
                .goesOn("EINTR")
                .either("EAGAIN") // a full backlog, or no free port
                .belied("EINPROGRESS EALREADY");
        page("recv", "ECONNREFUSED EINVAL ENOMEM ENOTCONN")
                .bug("EBADF EFAULT ENOTSOCK")
                .goesOn("EAGAIN EINTR");
        page("recvfrom").as("recv");
        page("recvmsg").as("recv");
        page("recvmmsg").as("recv");
        page("send", "EACCES EALREADY ECONNRESET EDESTADDRREQ EINVAL EISCONN EMSGSIZE ENOBUFS ENOMEM ENOTCONN")
                .fails("EOPNOTSUPP EPIPE")
                .bug("EBADF EFAULT ENOTSOCK")
                .goesOn("EAGAIN EINTR");
        page("sendmsg").as("send").fails("ECONNREFUSED ENOENT EPERM EPROTOTYPE ESRCH ETOOMANYREFS"); // unix(7)
        page("sendmmsg").as("send").fails("ECONNREFUSED EPERM ESRCH ETOOMANYREFS");
        page("getsockname", "EINVAL ENOBUFS").bug("EBADF EFAULT ENOTSOCK");
        page("getpeername", "EINVAL ENOBUFS").bug("EBADF EFAULT ENOTSOCK").either("ENOTCONN");
        page("getsockopt", "EINVAL ENOPROTOOPT").bug("EBADF EFAULT ENOTSOCK");
        page("setsockopt").as("getsockopt");
        page("shutdown", "EINVAL").bug("EBADF ENOTSOCK").belied("ENOTCONN"); // the peer has gone, which is an end
        page("close").goesOn("EINTR EIO ENOSPC EDQUOT"); // the number is free; after EBADF it is somebody else's
        page("fcntl", "EACCES EAGAIN EBUSY EDEADLK EINVAL EMFILE ENOLCK ENOTDIR EPERM")
                .bug("EBADF EFAULT")
                .either("EINTR"); // of the commands that lock
        page("ppoll", "EINVAL ENOMEM").bug("EFAULT").goesOn("EINTR");
        page("gettid"); // never fails
        page("malloc"); // tells of it by no errno
        page("ftruncate", "EFBIG EINVAL EIO EPERM EISDIR EROFS ETXTBSY")
                .bug("EBADF")
                .goesOn("EINTR");
        page("sigaction").goesOn("EFAULT EINVAL"); // then it is polled
        page("pthread_sigmask").goesOn("EFAULT EINVAL");
        page("tgkill").goesOn("EAGAIN EINVAL EPERM ESRCH"); // and comes again
        page("eventfd", "EINVAL ENODEV ENOMEM").either("EMFILE ENFILE"); // a wait backs off
        page("read").bug("EINVAL EBADF EFAULT").goesOn("EAGAIN EINTR");
        page("write").goesOn("EINTR").belied("EAGAIN"); // after a bug of ours nobody could wake who waits
        page("open", "EACCES EBUSY EDQUOT EEXIST EFBIG EINVAL EISDIR ELOOP EMFILE ENAMETOOLONG ENFILE ENODEV ENOENT")
                .fails("ENOMEM ENOSPC ENOTDIR ENXIO EOPNOTSUPP EOVERFLOW EPERM EROFS ETXTBSY EAGAIN")
                .bug("EBADF EFAULT")
                .goesOn("EINTR");
        page("lstat", "EACCES ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR EOVERFLOW")
                .bug("EFAULT");
        page("unlink", "EACCES EBUSY EIO EISDIR ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR EPERM EROFS")
                .bug("EFAULT");
        page("flock", "EINVAL ENOLCK EAGAIN").bug("EBADF").goesOn("EINTR");
        page("pipe2", "EINVAL EMFILE ENFILE").bug("EFAULT");
        page("ioctl", "EINVAL ENOTTY").bug("EBADF EFAULT");
        page("fstat", "EINVAL ENOMEM EOVERFLOW").bug("EBADF EFAULT");
        page("memfd_create", "EINVAL EMFILE ENFILE ENOMEM").bug("EFAULT");
        page("dup3", "EINVAL EMFILE").bug("EBADF").goesOn("EINTR").either("EBUSY"); // a race with an open
        page("epoll_create1", "EINVAL ENOMEM").either("EMFILE ENFILE"); // a wait backs off
        page("epoll_ctl", "EEXIST EINVAL ELOOP ENOMEM ENOSPC EPERM")
                .bug("EBADF")
                .either("ENOENT"); // then it is added
        page("epoll_wait", "EINVAL").bug("EBADF EFAULT").goesOn("EINTR");
    }

    private ManualErrors() {}

    /// Returns the row of a call.
    static List<Row> of(String call) {
        List<Row> rows = PAGES.get(call);
        if (rows == null) {
            throw new AssertionError("no row for " + call);
        }
        return rows;
    }

    private static Page page(String call, String... failures) {
        var rows = new ArrayList<Row>();
        PAGES.put(call, rows);
        return new Page(rows).fails(failures);
    }

    private record Page(List<Row> rows) {

        Page fails(String... names) {
            return add(Meaning.FAILURE, false, names);
        }

        Page bug(String names) {
            return add(Meaning.BUG, false, names);
        }

        Page goesOn(String names) {
            return add(Meaning.GOES_ON, false, names);
        }

        Page either(String names) {
            return add(Meaning.EITHER, false, names);
        }

        Page belied(String names) {
            return add(Meaning.GOES_ON, true, names);
        }

        Page as(String other) {
            rows.addAll(of(other));
            return this;
        }

        private Page add(Meaning meaning, boolean made, String... names) {
            Stream.of(names)
                    .flatMap(some -> Stream.of(some.split(" ")))
                    .forEach(name -> rows.add(new Row(Errno.named(name), meaning, made)));
            return this;
        }
    }
}
