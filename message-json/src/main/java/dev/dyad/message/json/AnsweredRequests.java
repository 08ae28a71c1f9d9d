package dev.dyad.message.json;

import dev.dyad.message.WireException;
import dev.dyad.message.json.JsonRpc.RequestHandler;
import dev.dyad.socket.thread.LibraryThreads;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Answers the requests of the peer, each on a virtual thread, so that none waits for another, and the
/// reader for none.
final class AnsweredRequests {

    /// How many handlers run at once, and how many bytes the requests had. What comes beyond is refused, and
    /// told so.
    static final int MOST_AT_ONCE = 256;

    static final long MOST_BYTES = 16L << 20;

    /// How many refusals may wait to be written: a peer that asks on and reads nothing.
    static final int MOST_REFUSED = 256;

    private static final int METHOD_NOT_FOUND = -32601;
    private static final int INTERNAL_ERROR = -32603;
    private static final int TOO_MANY = -32000;

    private final JsonRpc rpc;
    private final Cancellation cancellation;
    private final Map<String, RequestHandler> handlers = new ConcurrentHashMap<>();
    private final Map<JsonNode, Answering> underWay = new ConcurrentHashMap<>(); // until the answer is about to be said
    private final Set<Answering> running = ConcurrentHashMap.newKeySet(); // until it is said
    private final AtomicLong bytes = new AtomicLong(); // of those whose handlers run

    AnsweredRequests(JsonRpc rpc, Cancellation cancellation) {
        this.rpc = rpc;
        this.cancellation = cancellation;
    }

    void handle(String method, RequestHandler handler) {
        if (handlers.putIfAbsent(method, handler) != null) {
            throw new IllegalStateException("there is a handler of " + method + " already");
        }
    }

    /// Begins to answer, or to refuse. By one thread at a time.
    ///
    /// @param length how many bytes the request had
    /// @return false if the peer has left more unread than is kept
    /// @throws WireException if the peer asks under an id that one of its requests under way has
    boolean begin(JsonRpcMessage.Asks request, long length) throws WireException {
        int now = running.size();
        if (now >= MOST_AT_ONCE + MOST_REFUSED) {
            return false;
        }
        RequestHandler handler = handlers.get(request.method());
        Answering answering;
        if (handler == null) {
            answering = refusal(request, METHOD_NOT_FOUND, "Method not found: " + request.method());
        } else if (now >= MOST_AT_ONCE || (now > 0 && bytes.get() + length > MOST_BYTES)) {
            answering = refusal(request, TOO_MANY, "too much is being answered already: " + now + " requests");
        } else {
            answering = new Answering(request.id(), request.params(), length, handler);
        }
        if (underWay.putIfAbsent(request.id(), answering) != null) {
            throw new WireException("a request under the id of one that is not answered yet, " + request.id(), 0);
        }
        running.add(answering);
        bytes.addAndGet(answering.length);
        LibraryThreads.startVirtual("dyad-handler", answering);
        return true;
    }

    /// Returns what answers with an error, and keeps nothing of the request but its id.
    private Answering refusal(JsonRpcMessage.Asks request, int code, String message) {
        return new Answering(request.id(), JsonMessages.tree(null), 0, _ -> {
            throw new JsonRpcException(code, message);
        });
    }

    void cancel(JsonNode id) {
        Answering answering = underWay.get(id);
        if (answering != null) {
            answering.cancel();
        }
    }

    void cancelAll() {
        List.copyOf(running).forEach(Answering::cancel);
    }

    /// One request that is being answered.
    private final class Answering implements Runnable {

        private final JsonNode id;
        private final JsonNode params;
        private final long length;
        private final RequestHandler handler;

        // -- guarded by this
        private boolean cancelled;
        private @Nullable Thread thread; // while the handler runs

        Answering(JsonNode id, JsonNode params, long length, RequestHandler handler) {
            this.id = id;
            this.params = params;
            this.length = length;
            this.handler = handler;
        }

        @Override
        public void run() {
            JsonNode said = answer();
            underWay.remove(id, this); // before: the id may be used again as soon as the answer is there
            try {
                if (!isCancelled() || cancellation.answersCancelled()) {
                    rpc.say(said);
                }
            } finally {
                bytes.addAndGet(-length);
                running.remove(this); // after it was said: how much waits to be written is counted
            }
        }

        private JsonNode answer() {
            try {
                if (begin()) {
                    return JsonMessages.answer(id, JsonMessages.tree(handler.answer(params)));
                }
                return cancelledAnswer();
            } catch (JsonRpcException e) {
                return JsonMessages.failure(
                        id,
                        e.code() == 0 ? INTERNAL_ERROR : e.code(), // one of a call of the handler's own
                        e.text(),
                        e.data().orElse(null));
            } catch (Throwable e) {
                return isCancelled() ? cancelledAnswer() : JsonMessages.failure(id, INTERNAL_ERROR, e.toString(), null);
            } finally {
                leave();
            }
        }

        private JsonNode cancelledAnswer() {
            return JsonMessages.failure(id, Cancellation.REQUEST_CANCELLED, "cancelled", null);
        }

        private synchronized boolean begin() {
            thread = Thread.currentThread();
            return !cancelled;
        }

        private synchronized boolean isCancelled() {
            return cancelled;
        }

        /// Ends what a cancel interrupts: what is said afterwards is said whole.
        private synchronized void leave() {
            thread = null;
            boolean _ = Thread.interrupted();
        }

        synchronized void cancel() {
            cancelled = true;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }
}
