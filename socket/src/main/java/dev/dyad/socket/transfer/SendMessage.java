package dev.dyad.socket.transfer;

import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.Errno;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.SocketAddresses;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.waiting.Attempt;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One `sendmsg` with all that goes beside the data, tried until it is accepted.
///
/// The descriptors stay open from the first try to the last, whoever closes them meanwhile.
public final class SendMessage implements Attempt, AutoCloseable {

    private static final Platform OS = Platform.current();
    private static final int FLAGS = OS.MSG_DONTWAIT() | OS.MSG_NOSIGNAL();

    private final Fd ends;
    private final BufferList sources;
    private final @Nullable SocketAddress receiver;
    private final List<BorrowedFd> descriptors;

    public SendMessage(
            Fd ends,
            BufferList sources,
            @Nullable SocketAddress receiver,
            Collection<? extends DescriptorSource> descriptors)
            throws IOException {
        this.ends = ends;
        this.sources = sources.requireOneCall();
        this.receiver = receiver;
        ends.requirePassing(descriptors.size());
        this.descriptors = borrow(descriptors);
    }

    @Override
    public long make() throws IOException {
        int raw = ends.fd.acquire();
        var scratch = CallMemory.borrow();
        try (var transfer = transfer(raw, scratch)) {
            MemorySegment header = scratch.header();
            MsgHdr.set(header, transfer.vector(), transfer.count());
            if (!descriptors.isEmpty()) {
                MsgHdr.setControl(header, scratch.control(), AncillaryData.put(scratch.control(), descriptors));
            }
            if (receiver != null) {
                MsgHdr.setName(
                        header, scratch.address(), SocketAddresses.put(scratch.address(), receiver, ends.family()));
            }
            long answer;
            do {
                answer = SysSocket.sendmsg(scratch.state, raw, header, FLAGS);
            } while (Fd.interrupted(answer));
            if (answer >= 0) {
                transfer.sent(answer);
            }
            return result(answer);
        } finally {
            scratch.giveBack();
            ends.fd.release();
        }
    }

    /// What is longer than the buffer of the socket is not copied to learn that it is too long.
    private MessageVector transfer(int raw, CallMemory scratch) throws IOException {
        long copied = MessageVector.copied(sources);
        if (copied > CallMemory.TRANSFER && copied > SocketCalls.number(raw, OS.SO_SNDBUF())) {
            throw ends.failure("sendmsg", Errno.EMSGSIZE, receiver);
        }
        return MessageVector.from(sources, scratch);
    }

    @Override
    public void close() {
        descriptors.forEach(BorrowedFd::close);
    }

    /// A UNIX socket that is not connected to its receiver is writable even when that one is full.
    private long result(long answer) throws IOException {
        long result = ends.result("sendmsg", answer, receiver);
        if (result == Attempt.WOULD_BLOCK && receiver != null && ends.family() == OS.AF_UNIX()) {
            ends.writing.noEvent();
        }
        return result;
    }

    private static List<BorrowedFd> borrow(Collection<? extends DescriptorSource> sources) throws IOException {
        if (sources.size() > AncillaryData.MOST_DESCRIPTORS) {
            throw new IllegalArgumentException("a message carries at most " + AncillaryData.MOST_DESCRIPTORS
                    + " descriptors, not " + sources.size());
        }
        var borrowed = new ArrayList<BorrowedFd>(sources.size());
        boolean complete = false;
        try {
            for (DescriptorSource source : sources) {
                borrowed.add(source.borrow());
            }
            complete = true;
            return borrowed;
        } finally {
            if (!complete) {
                borrowed.forEach(BorrowedFd::close);
            }
        }
    }
}
