package dev.dyad.posix.linux;

import dev.dyad.posix.SocketNumbers;

/// What Linux's `<sys/socket.h>` says on x86-64 and aarch64, options apart.
interface LinuxSocketNumbers extends SocketNumbers {

    @Override
    default int AF_UNSPEC() {
        return 0;
    }

    @Override
    default int AF_UNIX() {
        return 1;
    }

    @Override
    default int AF_INET() {
        return 2;
    }

    @Override
    default int AF_INET6() {
        return 10;
    }

    @Override
    default int SOCK_STREAM() {
        return 1;
    }

    @Override
    default int SOCK_DGRAM() {
        return 2;
    }

    @Override
    default int SOCK_RAW() {
        return 3;
    }

    @Override
    default int SOCK_SEQPACKET() {
        return 5;
    }

    @Override
    default int SOCK_NONBLOCK() {
        return 0x800;
    }

    @Override
    default int SOCK_CLOEXEC() {
        return 0x80000;
    }

    @Override
    default int SHUT_RD() {
        return 0;
    }

    @Override
    default int SHUT_WR() {
        return 1;
    }

    @Override
    default int SHUT_RDWR() {
        return 2;
    }

    @Override
    default int SOMAXCONN() {
        return 4096;
    }

    @Override
    default int MSG_OOB() {
        return 1;
    }

    @Override
    default int MSG_PEEK() {
        return 2;
    }

    @Override
    default int MSG_DONTROUTE() {
        return 4;
    }

    @Override
    default int MSG_CTRUNC() {
        return 8;
    }

    @Override
    default int MSG_TRUNC() {
        return 0x20;
    }

    @Override
    default int MSG_DONTWAIT() {
        return 0x40;
    }

    @Override
    default int MSG_EOR() {
        return 0x80;
    }

    @Override
    default int MSG_WAITALL() {
        return 0x100;
    }

    @Override
    default int MSG_ERRQUEUE() {
        return 0x2000;
    }

    @Override
    default int MSG_NOSIGNAL() {
        return 0x4000;
    }

    @Override
    default int MSG_WAITFORONE() {
        return 0x10000;
    }

    @Override
    default int MSG_CMSG_CLOEXEC() {
        return 0x4000_0000;
    }

    @Override
    default int SCM_RIGHTS() {
        return 1;
    }

    @Override
    default int SCM_CREDENTIALS() {
        return 2;
    }

    @Override
    default int SCM_TIMESTAMP() {
        return 29;
    }

    @Override
    default int SCM_PIDFD() {
        return 4;
    }
}
