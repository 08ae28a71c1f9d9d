package dev.dyad.posix;

/// The numbers of `<sys/socket.h>`, those of options apart.
public interface SocketNumbers {

    int AF_UNSPEC();

    int AF_UNIX();

    int AF_INET();

    int AF_INET6();

    int SOCK_STREAM();

    int SOCK_DGRAM();

    int SOCK_RAW();

    int SOCK_SEQPACKET();

    /// The flag that makes a socket non-blocking in one step.
    int SOCK_NONBLOCK();

    /// The flag that makes a socket close-on-exec in one step.
    int SOCK_CLOEXEC();

    int SHUT_RD();

    int SHUT_WR();

    int SHUT_RDWR();

    int SOMAXCONN();

    int MSG_OOB();

    int MSG_PEEK();

    int MSG_DONTROUTE();

    int MSG_CTRUNC();

    int MSG_TRUNC();

    int MSG_DONTWAIT();

    int MSG_EOR();

    int MSG_WAITALL();

    int MSG_ERRQUEUE();

    int MSG_NOSIGNAL();

    int MSG_WAITFORONE();

    int MSG_CMSG_CLOEXEC();

    int SCM_RIGHTS();

    int SCM_CREDENTIALS();

    int SCM_TIMESTAMP();

    int SCM_PIDFD();
}
