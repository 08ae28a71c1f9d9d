package dev.dyad.worker;

import static java.util.Objects.requireNonNull;

import dev.dyad.message.RequestFailedException;
import dev.dyad.message.Requests;
import dev.dyad.message.Requests.Payload;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;

/// A request to a pool, which may have to ask more than one worker.
///
/// @param <A> what it is answered with
@FunctionalInterface
interface PooledRequest<A> {

    /// Asks one worker, from the beginning.
    A ask(Requests worker) throws RequestFailedException;

    /// Returns one of a buffer, whose position is its limit once it was asked.
    static PooledRequest<ByteBuffer> of(ByteBuffer request, Deadline deadline) {
        int begin = request.position();
        requireNonNull(deadline);
        return worker -> {
            try {
                return worker.call(request.position(begin), deadline);
            } catch (RequestFailedException e) {
                request.position(request.limit());
                throw e;
            }
        };
    }

    /// Returns one with a context.
    static PooledRequest<Payload> of(Payload request, Deadline deadline) {
        requireNonNull(request);
        requireNonNull(deadline);
        return worker -> worker.call(request, deadline);
    }
}
