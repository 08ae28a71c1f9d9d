package dev.dyad.message.json;

import dev.dyad.message.Closed;
import dev.dyad.message.WireException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The calls of this side that have not ended, and those that were given up and may still be answered.
///
/// So an answer that comes late is told from one that nobody has asked for, and from a second one.
final class PendingCalls {

    /// How many that were given up are remembered: of older ones, an answer is dropped unseen.
    private static final int MOST_GIVEN_UP = 10_000;

    // -- guarded by this
    private final Map<Long, PendingCall> pending = new HashMap<>();
    private final LinkedHashSet<Long> givenUp = new LinkedHashSet<>();
    private long last; // the id that was used last
    private long forgotten; // the largest id that was given up and is not remembered
    private @Nullable Closed ended; // once nothing is received any more

    /// Adds a call.
    ///
    /// @throws JsonRpcException if no answer can come any more
    synchronized PendingCall add(String method, boolean isAwaited) throws JsonRpcException {
        if (ended != null) {
            throw new JsonRpcException(method, ended, false);
        }
        var call = new PendingCall(++last, method, isAwaited);
        pending.put(call.id(), call);
        return call;
    }

    /// Takes a call out that was not sent.
    synchronized void remove(PendingCall call) {
        pending.remove(call.id());
    }

    /// Takes a call out whose answer is not wanted any more.
    ///
    /// @return whether it had no answer yet
    synchronized boolean giveUp(PendingCall call) {
        if (pending.remove(call.id()) == null) {
            return false;
        }
        if (ended == null) {
            givenUp.add(call.id());
            if (givenUp.size() > MOST_GIVEN_UP) {
                forgotten = Math.max(forgotten, givenUp.removeFirst());
            }
        }
        return true;
    }

    /// Takes the call out that an answer is for.
    ///
    /// @return the call, or `null` if it was given up
    /// @throws WireException if it is for none
    synchronized @Nullable PendingCall answered(long id) throws WireException {
        PendingCall call = pending.remove(id);
        if (call == null && !givenUp.remove(id) && (id < 1 || id > forgotten)) {
            throw new WireException(
                    id < 1 || id > last ? "an answer to no request, id " + id : "a second answer to request " + id, 0);
        }
        return call;
    }

    /// Takes all out: no answer comes any more.
    synchronized List<PendingCall> end(Closed how) {
        ended = how;
        List<PendingCall> left = List.copyOf(pending.values());
        pending.clear();
        givenUp.clear();
        return left;
    }

    synchronized int size() {
        return pending.size();
    }
}
