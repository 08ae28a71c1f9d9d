package dev.dyad.php;

/// What is said of messages, with Linux's numbers, which PHP's manual speaks in.
interface MessageConstants {

    /// Out-of-band data.
    int MSG_OOB = 1;

    /// Wait until there is as much as was asked for.
    int MSG_WAITALL = 256;

    /// There was no room for all control data.
    int MSG_CTRUNC = 8;

    /// There was no room for all of the message; tell its whole length.
    int MSG_TRUNC = 32;

    /// Look at it, and leave it there.
    int MSG_PEEK = 2;

    /// To a host that is connected directly.
    int MSG_DONTROUTE = 4;

    /// This ends a record.
    int MSG_EOR = 128;

    /// This ends the connection.
    int MSG_EOF = 512;

    /// The neighbour has answered.
    int MSG_CONFIRM = 2048;

    /// From the queue of errors.
    int MSG_ERRQUEUE = 8192;

    /// Raise no signal; the JVM never does.
    int MSG_NOSIGNAL = 16384;

    /// Do not wait.
    int MSG_DONTWAIT = 64;

    /// More is to come.
    int MSG_MORE = 32768;

    /// Wait for the first message only.
    int MSG_WAITFORONE = 65536;

    /// Received descriptors are close-on-exec, which here they are anyway.
    int MSG_CMSG_CLOEXEC = 1073741824;

    /// Do not copy what is sent.
    int MSG_ZEROCOPY = 67108864;

    /// Control data: descriptors.
    int SCM_RIGHTS = 1;

    /// Control data: the credentials of the sender, `pid`, `uid`, `gid`.
    int SCM_CREDENTIALS = 2;
}
