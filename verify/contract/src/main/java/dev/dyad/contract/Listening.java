package dev.dyad.contract;

import dev.dyad.socket.Listener;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;

/// What the contracts of a listener are run with.
public interface Listening {

    /// Where they meet.
    AddressKind place();

    /// The kind of thread that calls.
    ThreadFactory threads();

    /// Listens at a fresh address.
    default Listener<StreamSocket> listen() throws IOException {
        return Listener.stream(place().fresh());
    }
}
