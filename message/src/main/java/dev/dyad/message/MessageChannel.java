package dev.dyad.message;

import dev.dyad.message.gone.GonePeers;
import dev.dyad.message.gone.PeerGoneException;
import dev.dyad.message.jfr.ChannelClosedEvent;
import dev.dyad.message.jfr.MessageSendEvent;
import dev.dyad.process.Child;
import dev.dyad.socket.Capability;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.PipeEnd;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.jfr.FlightRecording;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Moves messages over an end, a child or two pipes: whole, in order, each once.
///
/// Any number of threads may send and receive at the same time, platform threads and virtual ones. A message
/// that was sent before another one is sent goes out before it. Small messages that come while another one is
/// written go out together, by one call; one that finds no other on its way is written at once.
///
/// The channel survives its callers: a deadline or an interrupt ends the call of one thread, and no
/// more. The channel goes on to write a message of which such a thread has written a part; only where
/// more than 1 MiB of it is left, the channel ends instead, and says so.
///
/// It ends by one event, [Closed], which is the same for every call under way and to come. It owns its
/// end or its pipes, and [#close] closes them. A channel that ends otherwise has to be closed as well.
///
/// {@snippet file="dev/dyad/message/examples/MessageExamplesTest.java" region="channel"}
public final class MessageChannel implements Closeable {

    /// How long a message may be unless another limit is set, in bytes: 64 MiB.
    public static final long DEFAULT_LIMIT = 64L << 20;

    private static final int MOST_DESCRIPTORS = 253;

    static {
        GonePeers.by(
                new GonePeers() { // no lambda: the first one of a JVM takes milliseconds
                    @Override
                    protected void of(MessageChannel channel) {
                        channel.ending.failUnsentAtOnce();
                    }
                });
    }

    private final Ending ending;
    private final MessageCarrier carrier;

    MessageChannel(Transport transport, Wire wire, ChannelPeer peer) {
        ending = new Ending(peer, new Reaction());
        carrier = new StreamCarrier(transport, wire, ending, DEFAULT_LIMIT);
    }

    private MessageChannel(MessageSocket end) {
        ending = new Ending(ChannelPeer.UNKNOWN, new Reaction());
        carrier = new PacketCarrier(end, ending, DEFAULT_LIMIT);
    }

    /// Returns a channel over a stream, such as an end of a pair, a connection, or that of a parent.
    ///
    /// @param end the stream, which belongs to the channel from now on
    /// @param wire how messages lie in it
    /// @return the channel
    public static MessageChannel over(StreamSocket end, Wire wire) {
        return new MessageChannel(new SocketTransport(end, 0), wire, ChannelPeer.UNKNOWN);
    }

    /// Returns a channel over a stream whose messages may bring descriptors.
    ///
    /// @param end the stream, which belongs to the channel from now on
    /// @param wire how messages lie in it
    /// @param descriptors how many may come with one message, 1 to 253; further ones are closed
    /// @return the channel
    /// @throws UnsupportedOperationException if none can come over it, as over TCP or without native access
    public static MessageChannel over(StreamSocket end, Wire wire, int descriptors) {
        return new MessageChannel(transportOver(end, descriptors), wire, ChannelPeer.UNKNOWN);
    }

    private static Transport transportOver(StreamSocket end, int descriptors) {
        if (descriptors < 1 || descriptors > MOST_DESCRIPTORS) {
            throw new IllegalArgumentException("one to 253 descriptors come with a message, not " + descriptors);
        }
        if (!end.capabilities().contains(Capability.DESCRIPTOR_PASSING)) {
            throw new UnsupportedOperationException("no descriptor comes over " + end);
        }
        return new SocketTransport(end, descriptors);
    }

    /// Returns a channel over packets, which are messages already: each goes out by a call of its own,
    /// at most as long as the kernel's buffer, and has up to 253 descriptors.
    ///
    /// An empty message cannot be told from the end, so do not send one.
    ///
    /// @param end the socket, which is connected and belongs to the channel from now on
    /// @return the channel
    public static MessageChannel over(MessageSocket end) {
        return new MessageChannel(end);
    }

    /// Returns a channel over two pipes, as what a program reads and writes as its standard streams.
    ///
    /// @param reading where messages come from, which belongs to the channel from now on
    /// @param writing where they go, likewise
    /// @param wire how messages lie in both
    /// @return the channel
    public static MessageChannel over(PipeEnd reading, PipeEnd writing, Wire wire) {
        return new MessageChannel(new PipeTransport(reading, writing), wire, ChannelPeer.UNKNOWN);
    }

    /// Returns a channel to a child: over its socket or, where it was started without one, over the
    /// pipes that are its standard input and output. [#closed] then says how it exited.
    ///
    /// The child has still to be closed by its owner, before or after the channel.
    ///
    /// @param child the child, whose socket or pipes belong to the channel from now on
    /// @param wire how messages lie in it
    /// @return the channel
    /// @throws IllegalStateException if it has no socket, and no pipes as standard input and output
    public static MessageChannel to(Child child, Wire wire) {
        return new MessageChannel(transportTo(child), wire, new ChildPeer(child));
    }

    /// Returns a channel to a child over its socket, as of [#to(Child, Wire)], whose messages may bring descriptors.
    ///
    /// @param child the child, whose socket belongs to the channel from now on
    /// @param wire how messages lie in it
    /// @param descriptors how many may come with one message, 1 to 253; further ones are closed
    /// @return the channel
    /// @throws IllegalStateException if it was started without a socket
    public static MessageChannel to(Child child, Wire wire, int descriptors) {
        return new MessageChannel(transportOver(child.socket(), descriptors), wire, new ChildPeer(child));
    }

    private static Transport transportTo(Child child) {
        return child.hasSocket()
                ? new SocketTransport(child.socket(), 0)
                : new PipeTransport(child.stdout(), child.stdin());
    }

    /// Sets the longest message that is taken. A longer one ends the channel before a byte is allocated
    /// for it.
    ///
    /// @param bytes the limit, zero or more; [#DEFAULT_LIMIT] unless said
    /// @return this
    public MessageChannel limit(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a limit of " + bytes + " bytes");
        }
        carrier.limit(bytes);
        return this;
    }

    /// Sends a message, waiting as long as it has to.
    ///
    /// @param message its bytes, from the position to the limit
    /// @throws IOException as [#send(ByteBuffer, Deadline)]
    public void send(ByteBuffer message) throws IOException {
        send(message, Deadline.never());
    }

    /// Sends a message, waiting until `deadline`.
    ///
    /// Returns when the kernel has all of it, or when it stands in the channel's buffer of 64 KiB behind one
    /// that is being written. Nothing of the message is read after that, and its position is its limit. What
    /// stands in either buffer when the peer is gone is lost, and only the event says so. Where a child has
    /// ended, the call may take a second more than the deadline says, to see what the child had sent.
    ///
    /// @param message its bytes, from the position to the limit
    /// @param deadline until when to wait
    /// @throws java.net.SocketTimeoutException if the deadline has passed. Where its
    ///     `bytesTransferred` is zero, nothing of the message was sent; otherwise a part was, and the
    ///     rest follows by itself
    /// @throws java.io.InterruptedIOException if this thread is interrupted meanwhile, likewise.
    ///     The channel stays open
    /// @throws IllegalArgumentException if the wire cannot have such a message
    /// @throws ChannelClosedException if the channel has ended, before or meanwhile
    /// @throws java.nio.channels.ClosedChannelException if sending was ended by [#shutdownOutput]
    public void send(ByteBuffer message, Deadline deadline) throws IOException {
        send(message, List.of(), deadline);
    }

    /// Sends a message with descriptors, waiting until `deadline`. They remain the caller's.
    ///
    /// @param message its bytes, from the position to the limit
    /// @param descriptors what goes with it, up to 253; none is as [#send(ByteBuffer, Deadline)]
    /// @param deadline until when to wait
    /// @throws UnsupportedOperationException if none can go over this channel, as over pipes
    /// @throws IOException as [#send(ByteBuffer, Deadline)]
    public void send(ByteBuffer message, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException {
        if (FlightRecording.hasBegun()) {
            measure(message.remaining(), () -> carrier.send(message, descriptors, deadline));
        } else {
            carrier.send(message, descriptors, deadline);
        }
    }

    /// Sends a long message.
    ///
    /// @param whenBlocked what is done before it waits for room for the rest
    void send(ByteBuffer message, Deadline deadline, Runnable whenBlocked) throws IOException {
        if (FlightRecording.hasBegun()) {
            measure(message.remaining(), () -> carrier.send(message, deadline, whenBlocked));
        } else {
            carrier.send(message, deadline, whenBlocked);
        }
    }

    /// Sends a message that is too large to be in memory, piece by piece, until `deadline`. No other
    /// message gets in between.
    ///
    /// Where not all of it can be sent, because its bytes end early or cannot be read, or because of
    /// the deadline or an interrupt, the channel ends: half a message cannot be taken back.
    ///
    /// @param body where its bytes are read from, up to 256 KiB at a time, and which stays open
    /// @param length how many they are
    /// @param deadline until when to wait
    /// @throws UnsupportedOperationException if the wire has no length before a message, or over packets
    /// @throws IOException as [#send(ByteBuffer, Deadline)], or as the body's
    public void send(ReadableByteChannel body, long length, Deadline deadline) throws IOException {
        if (length < 0) {
            throw new IllegalArgumentException("a message of " + length + " bytes");
        }
        if (FlightRecording.hasBegun()) {
            measure(length, () -> carrier.send(body, length, deadline));
        } else {
            carrier.send(body, length, deadline);
        }
    }

    private interface Sending {
        void run() throws IOException;
    }

    /// Sends, and tells the recorder how long that took, where somebody wants to know.
    private void measure(long length, Sending sending) throws IOException {
        MessageSendEvent measured = FlightRecording.measure(MessageSendEvent::begun);
        boolean isSent = false;
        try {
            sending.run();
            isSent = true;
        } finally {
            tell(measured, length, isSent);
        }
    }

    private void tell(@Nullable MessageSendEvent measured, long length, boolean isSent) {
        if (measured != null) {
            FlightRecording.tell(() -> measured.tell(carrier, ending.pid(), length, isSent));
        }
    }

    /// Sends a message if nothing waits to be written before it and there is room for a part of it. The
    /// rest follows by itself. So one message at most is kept here.
    /// Where a child has ended, the call may take a second, to see what the child had sent.
    ///
    /// @param message its bytes, from the position to the limit, up to 1 MiB
    /// @return whether it was sent; otherwise nothing of it was
    /// @throws IOException as [#send(ByteBuffer, Deadline)]
    public boolean trySend(ByteBuffer message) throws IOException {
        return carrier.trySend(message);
    }

    /// Receives a message, waiting as long as it has to.
    ///
    /// @return the message, or `null` at the orderly end
    /// @throws IOException as [#receive(Deadline)]
    public @Nullable Message receive() throws IOException {
        return receive(Deadline.never());
    }

    /// Receives a message, waiting until `deadline`.
    ///
    /// @param deadline until when to wait
    /// @return the message, or `null` at the orderly end: the peer has ended the channel after a whole
    ///     message and, if it is a child that has exited, with 0
    /// @throws java.net.SocketTimeoutException if the deadline has passed; what has come of a
    ///     message is kept
    /// @throws java.io.InterruptedIOException if this thread is interrupted meanwhile, likewise.
    ///     The channel stays open
    /// @throws ChannelClosedException if the channel has ended in another way, before or meanwhile; where that is
    ///     [Closed.Broken], once what has come, and what comes within a second, was received
    public @Nullable Message receive(Deadline deadline) throws IOException {
        return carrier.receive(deadline);
    }

    /// Receives a message that has come whole, or a long one whose head has come.
    ///
    /// @return the message; or `null` where there is none yet, where another thread receives, and at the
    ///     orderly end, of which [#closed] knows
    /// @throws IOException as [#receive(Deadline)]
    public @Nullable Message tryReceive() throws IOException {
        return carrier.receive(null);
    }

    /// Ends sending: the peer finds the end after the last message. Does nothing the second time.
    ///
    /// Waits until what others send was written, as long as the peer takes for that; an interrupt ends the wait.
    ///
    /// @return this
    /// @throws IOException as [#send(ByteBuffer, Deadline)]
    public MessageChannel shutdownOutput() throws IOException {
        carrier.shutdownOutput();
        return this;
    }

    /// Returns how the channel ended, once it has.
    ///
    /// @return the event, which never changes
    public Optional<Closed> closed() {
        return Optional.ofNullable(ending.now());
    }

    /// Returns a future of the event by which it ends. What is attached to it runs on a virtual thread
    /// of its own.
    ///
    /// Only a call notices the end, such as a receive that waits. Nothing watches a channel in which no call
    /// is under way.
    ///
    /// @return a future that no one else completes
    public CompletableFuture<Closed> onClosed() {
        return ending.future();
    }

    /// Closes the channel and its end. What it has in its buffer is still written as far as there is
    /// room for it.
    ///
    /// Every call under way and to come ends with [ChannelClosedException].
    ///
    /// @throws IOException if the end cannot be closed
    @Override
    public void close() throws IOException {
        close("closed");
    }

    @Override
    public String toString() {
        Closed now = ending.now();
        return "MessageChannel[" + carrier + "]" + (now == null ? "" : ": " + now);
    }

    /// Closes the channel, as [#close], and says why: every call under way and to come then ends with
    /// that reason.
    ///
    /// @param why the reason, in words
    /// @throws IOException if the end cannot be closed
    public void close(String why) throws IOException {
        carrier.flushNow();
        ending.end(new Closed.Here(why));
        carrier.close();
    }

    /// Ends the channel for a message that breaks a rule of what is spoken over it, and returns what to
    /// throw for that. Every call under way and to come ends with [Closed.Misbehaved].
    ///
    /// @param how which rule, and at which byte of the message; this adds where that is in the stream,
    ///     and the beginning of the message, where that was read
    /// @param message the message
    /// @return the exception of a channel that has ended
    public IOException misbehaved(WireException how, Message message) {
        return ending.failed(how.in(message.offset(), message.beginning(WireException.EXCERPT)));
    }

    /// Has messages begin with their heads, for an exchange that reads more there than a length.
    ///
    /// @return false if these messages are not of that wire
    boolean showHeads(Wire of) {
        return carrier.showHeads(of);
    }

    /// Requires that what is sent now may be answered, of a channel that [fails at once][GonePeers#failAtOnce].
    void requireNotGone() throws PeerGoneException {
        ending.requireNotGone();
    }

    /// Returns whether something was read that nobody has received. For the one thread that receives.
    boolean hasReadAhead() {
        return carrier.hasReadAhead();
    }

    /// Ends the channel on this side.
    void end(String why) {
        ending.end(new Closed.Here(why));
    }

    /// Ends the channel, as the worker at the other end wants to be asked nothing more.
    void endAsAsked() {
        ending.end(new Closed.AskedToStop());
    }

    /// Ends the channel for a message that breaks the rules of an exchange, and returns what to throw
    /// for it.
    IOException misbehaved(String rule, Message message) {
        return misbehaved(new WireException(rule, 0), message);
    }

    private final class Reaction implements Ending.Listener {

        @Override
        public void ended(Closed event) {
            carrier.ended(event);
        }

        @Override
        public void record(Closed event) {
            if (FlightRecording.hasBegun()) {
                FlightRecording.tell(() -> ChannelClosedEvent.tell(carrier, ending.pid(), event));
            }
        }
    }
}
