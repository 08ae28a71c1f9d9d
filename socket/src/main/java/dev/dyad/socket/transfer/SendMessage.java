package dev.dyad.socket.transfer;

import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.Errno;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.SocketAddresses;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.waiting.SystemCall;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One `sendmsg` with its control data, tried until it is accepted.
///
/// The descriptors stay open from the first try to the last, even if they are closed meanwhile.
public final class SendMessage implements SystemCall, AutoCloseable {

    private static final Platform OS = Platforms.current();
    private static final long EAGAIN = Errno.EAGAIN.code();
    private static final long EMSGSIZE = Errno.EMSGSIZE.code();
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
    public String name() {
        return "sendmsg";
    }

    @Override
    public @Nullable SocketAddress address() {
        return receiver;
    }

    @Override
    public long make() throws IOException {
        int raw = ends.fd.number();
        if (isTooLong(raw)) {
            return -EMSGSIZE;
        }
        var scratch = CallMemory.borrow();
        try (var transfer = MessageVector.from(sources, scratch)) {
            MemorySegment header = scratch.header();
            MsgHdr.set(header, transfer.vector(), transfer.count());
            if (!descriptors.isEmpty()) {
                MsgHdr.setControl(header, scratch.control(), AncillaryData.put(scratch.control(), descriptors));
            }
            if (receiver != null) {
                MsgHdr.setName(
                        header, scratch.address(), SocketAddresses.put(scratch.address(), receiver, ends.family()));
            }
            long answer = SysSocket.sendmsg(scratch.state, raw, header, FLAGS);
            if (answer >= 0) {
                transfer.sent(answer);
            } else if (answer == -EAGAIN && receiver != null && ends.family() == OS.AF_UNIX()) {
                ends.writing.noEvent(); // it is writable even when its receiver, to which it is not connected, is full
            }
            return answer;
        } finally {
            scratch.giveBack();
        }
    }

    /// What is longer than the buffer of the socket is not copied to learn that it is too long.
    private boolean isTooLong(int raw) throws IOException {
        long copied = MessageVector.copied(sources);
        return copied > CallMemory.TRANSFER && copied > SocketCalls.intOption(raw, OS.SO_SNDBUF());
    }

    @Override
    public void close() {
        descriptors.forEach(BorrowedFd::close);
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
