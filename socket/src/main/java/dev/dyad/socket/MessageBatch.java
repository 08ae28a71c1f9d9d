package dev.dyad.socket;

import dev.dyad.posix.IoVec;
import dev.dyad.posix.MMsgHdr;
import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.transfer.AncillaryData;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Objects;

/// Room for several messages, which are sent or received by one call.
///
/// It is filled by [#add] and sent by [MessageSocket#send(MessageBatch)], or filled by
/// [MessageSocket#receive(MessageBatch)] and looked at by [#message]. It can be used again and again, by one
/// thread at a time. Its memory is native, and is freed with the object.
///
/// {@snippet file="dev/dyad/socket/examples/MessageExamplesTest.java" region="message-batch"}
///
/// @see <a href="https://man7.org/linux/man-pages/man2/sendmmsg.2.html">sendmmsg(2)</a>
/// @see <a href="https://man7.org/linux/man-pages/man2/recvmmsg.2.html">recvmmsg(2)</a>
public final class MessageBatch {

    private static final Platform OS = Platforms.current();
    private static final int MOST = OS.IOV_MAX();
    private static final int MOST_BYTES = Integer.MAX_VALUE - 8; // which is what a buffer of the JDK takes

    private final int capacity;
    private final int size;
    private final MemorySegment headers;
    private final MemorySegment vectors;
    private final MemorySegment memory;
    private final ByteBuffer bytes;
    private int count;
    private int sent;
    private boolean received;

    private MessageBatch(int capacity, int size) {
        this.capacity = capacity;
        this.size = size;
        Arena arena = Arena.ofAuto();
        headers = arena.allocate(MMsgHdr.LAYOUT, capacity);
        vectors = arena.allocate(IoVec.LAYOUT, capacity);
        memory = arena.allocate((long) capacity * size);
        bytes = memory.asByteBuffer();
    }

    /// Allocates room.
    ///
    /// @param messages how many messages, 1 to 1024
    /// @param size how many bytes each of them may have; all together less than 2 GiB
    /// @return a batch without messages
    /// @throws IllegalArgumentException if one of the two is out of range
    /// @throws UnsupportedOperationException where there is no native access
    public static MessageBatch allocate(int messages, int size) {
        SocketCalls.requireNative();
        if (messages < 1 || messages > MOST) {
            throw new IllegalArgumentException("a batch has 1 to " + MOST + " messages, not " + messages);
        }
        if (size < 0 || (long) messages * size > MOST_BYTES) {
            throw new IllegalArgumentException(messages + " messages of " + size + " bytes are too much for a batch");
        }
        return new MessageBatch(messages, size);
    }

    /// Returns how many messages there is room for.
    ///
    /// @return one or more
    public int capacity() {
        return capacity;
    }

    /// Returns how many messages there are.
    ///
    /// @return those that were added, or those that came
    public int count() {
        return count;
    }

    /// Returns how many messages have been sent since the batch was last cleared.
    ///
    /// @return how many; these are the first ones
    public int sent() {
        return sent;
    }

    /// Removes all messages.
    ///
    /// @return this
    public MessageBatch clear() {
        count = 0;
        sent = 0;
        received = false;
        return this;
    }

    /// Makes all messages unsent, so that they can be sent again.
    ///
    /// @return this
    public MessageBatch rewind() {
        sent = 0;
        return this;
    }

    /// Adds a message, which is copied.
    ///
    /// @param message the message, from its position to its limit, to which the position moves
    /// @return this
    /// @throws BufferOverflowException if there is no room for one more, or for one so long
    public MessageBatch add(ByteBuffer message) {
        if (received) {
            clear();
        }
        int length = message.remaining();
        if (count == capacity || length > size) {
            throw new BufferOverflowException();
        }
        bytes.slice(count * size, length).put(message);
        set(count, length);
        count++;
        return this;
    }

    /// Returns a message.
    ///
    /// @param index which, from zero on
    /// @return its bytes, in the memory of the batch: the next use of the batch changes them
    public ByteBuffer message(int index) {
        Objects.checkIndex(index, count);
        return bytes.slice(index * size, (int) Math.min(fullLength(index), size));
    }

    /// Returns how long a received message was: more than its bytes here where it was truncated.
    ///
    /// @param index which, from zero on
    /// @return bytes
    public long fullLength(int index) {
        Objects.checkIndex(index, count);
        return received ? Integer.toUnsignedLong(MMsgHdr.length(headers, index)) : IoVec.length(vectors, index);
    }

    /// Returns whether the end of a received message is lost, because there was too little room for it.
    ///
    /// @param index which, from zero on
    /// @return whether it was truncated
    public boolean isTruncated(int index) {
        return fullLength(index) > size;
    }

    /// Returns the headers of the messages that are not sent yet.
    MemorySegment unsent() {
        return headers.asSlice(sent * MMsgHdr.LAYOUT.byteSize());
    }

    void sent(int more) {
        sent += more;
    }

    /// Returns the headers for as many messages as there is room for, and none for control data: without that the
    /// kernel makes no descriptors of what comes, so that none have to be closed.
    MemorySegment room() {
        clear();
        for (int i = 0; i < capacity; i++) {
            set(i, size);
        }
        return headers;
    }

    /// Makes the first messages those that came, up to where the end was found.
    ///
    /// @return how many there are
    int received(int answer, Fd ends) {
        received = true;
        while (count < answer && !isEnd(count, ends)) {
            count++;
        }
        return count;
    }

    /// A packet's time has no room, and is told by the flag that says so.
    private boolean isEnd(int index, Fd ends) {
        if (MMsgHdr.length(headers, index) > 0) {
            return false;
        }
        return ends.isEnd(
                true, AncillaryData.unread(MMsgHdr.header(headers, index)).timestamp());
    }

    private void set(int index, int length) {
        MemorySegment header = MMsgHdr.header(headers, index);
        IoVec.set(vectors, index, memory.asSlice((long) index * size, length));
        MsgHdr.set(header, vectors.asSlice(index * IoVec.LAYOUT.byteSize(), IoVec.LAYOUT), 1);
    }
}
