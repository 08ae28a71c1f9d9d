package dev.dyad.message.json;

import dev.dyad.message.WireException;
import dev.dyad.message.json.JsonRpc.RequestHandler;
import dev.dyad.socket.thread.LibraryThreads;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Answers the requests of the peer, each on a virtual thread, so that none waits for another, and the
/// reader for none.
final class AnsweredRequests {

    /// How many handlers run at once. What comes beyond is refused, and told so.
    static final int MOST_AT_ONCE = 256;

    /// How many refusals may wait to be written: a peer that asks on and reads nothing.
    static final int MOST_REFUSED = 256;

    private static final int METHOD_NOT_FOUND = -32601;
    private static final int INTERNAL_ERROR = -32603;
    private static final int TOO_MANY = -32000;

    private final JsonRpc rpc;
    private final Cancellation cancellation;
    private final Map<String, RequestHandler> handlers = new ConcurrentHashMap<>();
    private final Map<JsonNode, Answering> running = new ConcurrentHashMap<>();

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
    /// @return false if the peer has left more unread than is kept
    /// @throws WireException if the peer asks under an id that one of its requests under way has
    boolean begin(JsonRpcMessage.Asks request) throws WireException {
        int now = running.size();
        if (now >= MOST_AT_ONCE + MOST_REFUSED) {
            return false;
        }
        RequestHandler handler = handlers.get(request.method());
        if (now >= MOST_AT_ONCE) {
            handler = refusing(TOO_MANY, MOST_AT_ONCE + " requests are being answered already");
        } else if (handler == null) {
            handler = refusing(METHOD_NOT_FOUND, "Method not found: " + request.method());
        }
        var answering = new Answering(request, handler);
        if (running.putIfAbsent(request.id(), answering) != null) {
            throw new WireException("a request under the id of one that is not answered yet, " + request.id(), 0);
        }
        LibraryThreads.startVirtual("dyad-handler", answering);
        return true;
    }

    private static RequestHandler refusing(int code, String message) {
        return _ -> {
            throw new JsonRpcException(code, message);
        };
    }

    void cancel(JsonNode id) {
        Answering answering = running.get(id);
        if (answering != null) {
            answering.cancel();
        }
    }

    void cancelAll() {
        List.copyOf(running.values()).forEach(Answering::cancel);
    }

    /// One request that is being answered.
    private final class Answering implements Runnable {

        private final JsonRpcMessage.Asks request;
        private final RequestHandler handler;

        // -- guarded by this
        private boolean cancelled;
        private @Nullable Thread thread; // while the handler runs

        Answering(JsonRpcMessage.Asks request, RequestHandler handler) {
            this.request = request;
            this.handler = handler;
        }

        @Override
        public void run() {
            JsonNode said = answer();
            try {
                if (!isCancelled() || cancellation.answersCancelled()) {
                    rpc.say(said);
                }
            } finally {
                running.remove(request.id()); // after it was said: how much waits to be written is counted
            }
        }

        private JsonNode answer() {
            try {
                if (begin()) {
                    return JsonMessages.answer(request.id(), JsonMessages.tree(handler.answer(request.params())));
                }
                return cancelledAnswer();
            } catch (JsonRpcException e) {
                return JsonMessages.failure(
                        request.id(),
                        e.code() == 0 ? INTERNAL_ERROR : e.code(), // one of a call of the handler's own
                        String.valueOf(e.getMessage()),
                        e.data().orElse(null));
            } catch (Throwable e) {
                return isCancelled()
                        ? cancelledAnswer()
                        : JsonMessages.failure(request.id(), INTERNAL_ERROR, e.toString(), null);
            } finally {
                leave();
            }
        }

        private JsonNode cancelledAnswer() {
            return JsonMessages.failure(request.id(), Cancellation.REQUEST_CANCELLED, "cancelled", null);
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
