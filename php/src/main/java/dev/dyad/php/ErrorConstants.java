package dev.dyad.php;

import dev.dyad.posix.Platforms;

/// What goes wrong, by the names that PHP gives to the numbers of `<errno.h>`.
interface ErrorConstants {

    /// Operation not permitted.
    int SOCKET_EPERM = errno("EPERM");

    /// No such file or directory.
    int SOCKET_ENOENT = errno("ENOENT");

    /// Interrupted system call.
    int SOCKET_EINTR = errno("EINTR");

    /// Input/output error.
    int SOCKET_EIO = errno("EIO");

    /// No such device or address.
    int SOCKET_ENXIO = errno("ENXIO");

    /// Argument list too long.
    int SOCKET_E2BIG = errno("E2BIG");

    /// Bad file descriptor.
    int SOCKET_EBADF = errno("EBADF");

    /// Resource temporarily unavailable.
    int SOCKET_EAGAIN = errno("EAGAIN");

    /// Resource temporarily unavailable; another name of [#SOCKET_EAGAIN].
    int SOCKET_EWOULDBLOCK = SOCKET_EAGAIN;

    /// Cannot allocate memory.
    int SOCKET_ENOMEM = errno("ENOMEM");

    /// Permission denied.
    int SOCKET_EACCES = errno("EACCES");

    /// Bad address.
    int SOCKET_EFAULT = errno("EFAULT");

    /// Block device required.
    int SOCKET_ENOTBLK = errno("ENOTBLK");

    /// Device or resource busy.
    int SOCKET_EBUSY = errno("EBUSY");

    /// File exists.
    int SOCKET_EEXIST = errno("EEXIST");

    /// Invalid cross-device link.
    int SOCKET_EXDEV = errno("EXDEV");

    /// No such device.
    int SOCKET_ENODEV = errno("ENODEV");

    /// Not a directory.
    int SOCKET_ENOTDIR = errno("ENOTDIR");

    /// Is a directory.
    int SOCKET_EISDIR = errno("EISDIR");

    /// Invalid argument.
    int SOCKET_EINVAL = errno("EINVAL");

    /// Too many open files in system.
    int SOCKET_ENFILE = errno("ENFILE");

    /// Too many open files.
    int SOCKET_EMFILE = errno("EMFILE");

    /// Inappropriate ioctl for device.
    int SOCKET_ENOTTY = errno("ENOTTY");

    /// No space left on device.
    int SOCKET_ENOSPC = errno("ENOSPC");

    /// Illegal seek.
    int SOCKET_ESPIPE = errno("ESPIPE");

    /// Read-only file system.
    int SOCKET_EROFS = errno("EROFS");

    /// Too many links.
    int SOCKET_EMLINK = errno("EMLINK");

    /// Broken pipe.
    int SOCKET_EPIPE = errno("EPIPE");

    /// File name too long.
    int SOCKET_ENAMETOOLONG = errno("ENAMETOOLONG");

    /// No locks available.
    int SOCKET_ENOLCK = errno("ENOLCK");

    /// Function not implemented.
    int SOCKET_ENOSYS = errno("ENOSYS");

    /// Directory not empty.
    int SOCKET_ENOTEMPTY = errno("ENOTEMPTY");

    /// Too many levels of symbolic links.
    int SOCKET_ELOOP = errno("ELOOP");

    /// No message of desired type.
    int SOCKET_ENOMSG = errno("ENOMSG");

    /// Identifier removed.
    int SOCKET_EIDRM = errno("EIDRM");

    /// Channel number out of range.
    int SOCKET_ECHRNG = errno("ECHRNG");

    /// Level 2 not synchronized.
    int SOCKET_EL2NSYNC = errno("EL2NSYNC");

    /// Level 3 halted.
    int SOCKET_EL3HLT = errno("EL3HLT");

    /// Level 3 reset.
    int SOCKET_EL3RST = errno("EL3RST");

    /// Link number out of range.
    int SOCKET_ELNRNG = errno("ELNRNG");

    /// Protocol driver not attached.
    int SOCKET_EUNATCH = errno("EUNATCH");

    /// No CSI structure available.
    int SOCKET_ENOCSI = errno("ENOCSI");

    /// Level 2 halted.
    int SOCKET_EL2HLT = errno("EL2HLT");

    /// Invalid exchange.
    int SOCKET_EBADE = errno("EBADE");

    /// Invalid request descriptor.
    int SOCKET_EBADR = errno("EBADR");

    /// Exchange full.
    int SOCKET_EXFULL = errno("EXFULL");

    /// No anode.
    int SOCKET_ENOANO = errno("ENOANO");

    /// Invalid request code.
    int SOCKET_EBADRQC = errno("EBADRQC");

    /// Invalid slot.
    int SOCKET_EBADSLT = errno("EBADSLT");

    /// Device not a stream.
    int SOCKET_ENOSTR = errno("ENOSTR");

    /// No data available.
    int SOCKET_ENODATA = errno("ENODATA");

    /// Timer expired.
    int SOCKET_ETIME = errno("ETIME");

    /// Out of streams resources.
    int SOCKET_ENOSR = errno("ENOSR");

    /// Machine is not on the network.
    int SOCKET_ENONET = errno("ENONET");

    /// Object is remote.
    int SOCKET_EREMOTE = errno("EREMOTE");

    /// Link has been severed.
    int SOCKET_ENOLINK = errno("ENOLINK");

    /// Advertise error.
    int SOCKET_EADV = errno("EADV");

    /// Srmount error.
    int SOCKET_ESRMNT = errno("ESRMNT");

    /// Communication error on send.
    int SOCKET_ECOMM = errno("ECOMM");

    /// Protocol error.
    int SOCKET_EPROTO = errno("EPROTO");

    /// Multihop attempted.
    int SOCKET_EMULTIHOP = errno("EMULTIHOP");

    /// Bad message.
    int SOCKET_EBADMSG = errno("EBADMSG");

    /// Name not unique on network.
    int SOCKET_ENOTUNIQ = errno("ENOTUNIQ");

    /// File descriptor in bad state.
    int SOCKET_EBADFD = errno("EBADFD");

    /// Remote address changed.
    int SOCKET_EREMCHG = errno("EREMCHG");

    /// Interrupted system call should be restarted.
    int SOCKET_ERESTART = errno("ERESTART");

    /// Streams pipe error.
    int SOCKET_ESTRPIPE = errno("ESTRPIPE");

    /// Too many users.
    int SOCKET_EUSERS = errno("EUSERS");

    /// Socket operation on non-socket.
    int SOCKET_ENOTSOCK = errno("ENOTSOCK");

    /// Destination address required.
    int SOCKET_EDESTADDRREQ = errno("EDESTADDRREQ");

    /// Message too long.
    int SOCKET_EMSGSIZE = errno("EMSGSIZE");

    /// Protocol wrong type for socket.
    int SOCKET_EPROTOTYPE = errno("EPROTOTYPE");

    /// Protocol not available.
    int SOCKET_ENOPROTOOPT = errno("ENOPROTOOPT");

    /// Protocol not supported.
    int SOCKET_EPROTONOSUPPORT = errno("EPROTONOSUPPORT");

    /// Socket type not supported.
    int SOCKET_ESOCKTNOSUPPORT = errno("ESOCKTNOSUPPORT");

    /// Operation not supported.
    int SOCKET_EOPNOTSUPP = errno("EOPNOTSUPP");

    /// Protocol family not supported.
    int SOCKET_EPFNOSUPPORT = errno("EPFNOSUPPORT");

    /// Address family not supported by protocol.
    int SOCKET_EAFNOSUPPORT = errno("EAFNOSUPPORT");

    /// Address already in use.
    int SOCKET_EADDRINUSE = errno("EADDRINUSE");

    /// Cannot assign requested address.
    int SOCKET_EADDRNOTAVAIL = errno("EADDRNOTAVAIL");

    /// Network is down.
    int SOCKET_ENETDOWN = errno("ENETDOWN");

    /// Network is unreachable.
    int SOCKET_ENETUNREACH = errno("ENETUNREACH");

    /// Network dropped connection on reset.
    int SOCKET_ENETRESET = errno("ENETRESET");

    /// Software caused connection abort.
    int SOCKET_ECONNABORTED = errno("ECONNABORTED");

    /// Connection reset by peer.
    int SOCKET_ECONNRESET = errno("ECONNRESET");

    /// No buffer space available.
    int SOCKET_ENOBUFS = errno("ENOBUFS");

    /// Transport endpoint is already connected.
    int SOCKET_EISCONN = errno("EISCONN");

    /// Transport endpoint is not connected.
    int SOCKET_ENOTCONN = errno("ENOTCONN");

    /// Cannot send after transport endpoint shutdown.
    int SOCKET_ESHUTDOWN = errno("ESHUTDOWN");

    /// Too many references: cannot splice.
    int SOCKET_ETOOMANYREFS = errno("ETOOMANYREFS");

    /// Connection timed out.
    int SOCKET_ETIMEDOUT = errno("ETIMEDOUT");

    /// Connection refused.
    int SOCKET_ECONNREFUSED = errno("ECONNREFUSED");

    /// Host is down.
    int SOCKET_EHOSTDOWN = errno("EHOSTDOWN");

    /// No route to host.
    int SOCKET_EHOSTUNREACH = errno("EHOSTUNREACH");

    /// Operation already in progress.
    int SOCKET_EALREADY = errno("EALREADY");

    /// Operation now in progress.
    int SOCKET_EINPROGRESS = errno("EINPROGRESS");

    /// Is a named type file.
    int SOCKET_EISNAM = errno("EISNAM");

    /// Remote I/O error.
    int SOCKET_EREMOTEIO = errno("EREMOTEIO");

    /// Disk quota exceeded.
    int SOCKET_EDQUOT = errno("EDQUOT");

    /// No medium found.
    int SOCKET_ENOMEDIUM = errno("ENOMEDIUM");

    /// Wrong medium type.
    int SOCKET_EMEDIUMTYPE = errno("EMEDIUMTYPE");

    private static int errno(String name) {
        return Platforms.current().errno(name);
    }
}
