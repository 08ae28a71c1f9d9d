package dev.dyad.socket;

import dev.dyad.socket.transfer.AncillaryData;
import dev.dyad.socket.transfer.ReceiveMessage;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The result of one call that receives: how much came, and what came with the data.
///
/// It owns the descriptors that came until they are taken or it is closed: use it in a `try`. It is not for use
/// by several threads at once.
///
/// {@snippet file="dev/dyad/socket/examples/MessageExamplesTest.java" region="received"}
public final class Received implements AutoCloseable {

    private final long length;
    private final long fullLength;
    private final List<Descriptor> descriptors;
    private final boolean descriptorsLost;
    private final @Nullable SocketAddress sender;
    private final @Nullable Credentials credentials;

    private Received() {
        length = Endpoint.END;
        fullLength = Endpoint.END;
        descriptors = new ArrayList<>(0); // which may be taken, as those of a message
        descriptorsLost = false;
        sender = null;
        credentials = null;
    }

    private Received(ReceiveMessage.Message<Descriptor> message) {
        length = message.length();
        fullLength = message.fullLength();
        sender = message.sender();
        AncillaryData<Descriptor> control = message.control();
        descriptors = control.descriptors();
        descriptorsLost = control.descriptorsLost();
        credentials = control.credentials();
    }

    /// Returns what came, or that nothing more will.
    static Received of(ReceiveMessage<Descriptor> reception) {
        ReceiveMessage.Message<Descriptor> message = reception.message();
        return message == null ? new Received() : new Received(message);
    }

    /// Returns how many bytes were stored in the buffer.
    ///
    /// @return zero or more, zero also for an empty message; `-1` at the end
    public int length() {
        return (int) length;
    }

    /// Returns whether there will be no more data: the peer has closed its end or shut it down.
    ///
    /// @return whether [#length] is `-1`
    public boolean isEnd() {
        return length == Endpoint.END;
    }

    /// Returns how long the message was, which is more than [#length] where the buffer had too little room.
    ///
    /// @return bytes; of a stream as many as [#length]
    public long fullLength() {
        return fullLength;
    }

    /// Returns whether the end of the message is lost, since the buffer had too little room.
    ///
    /// @return whether [#fullLength] is more than [#length]
    public boolean isTruncated() {
        return fullLength > length;
    }

    /// Returns the descriptors that came.
    ///
    /// Each belongs to this object until it is turned into something else. Use [#takeDescriptors] for those
    /// that are to live longer than this object.
    ///
    /// @return the descriptors, in the order in which they were sent
    public List<Descriptor> descriptors() {
        return descriptors;
    }

    /// Returns the descriptors that came, for the caller to close.
    ///
    /// @return the descriptors, which [#close] leaves open
    public List<Descriptor> takeDescriptors() {
        var taken = List.copyOf(descriptors);
        descriptors.clear();
        return taken;
    }

    /// Returns whether more descriptors were sent than came; the others are closed.
    ///
    /// It happens where fewer were asked for, or where this process may have no more.
    ///
    /// @return whether some are lost
    public boolean areDescriptorsTruncated() {
        return descriptorsLost;
    }

    /// Returns the address of the socket that sent the message.
    ///
    /// @return the address, or `null` where the message came over a connection or the sender has none
    public @Nullable SocketAddress sender() {
        return sender;
    }

    /// Returns the credentials of the sender, as the kernel tells them.
    ///
    /// @return the credentials, or `null` where `SO_PASSCRED` was not set
    public @Nullable Credentials credentials() {
        return credentials;
    }

    /// Closes the descriptors that nobody took.
    @Override
    public void close() {
        for (Descriptor descriptor : descriptors) {
            descriptor.close();
        }
    }
}
