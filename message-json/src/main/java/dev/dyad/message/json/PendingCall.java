package dev.dyad.message.json;

import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.thread.DeadlineWaits;
import dev.dyad.socket.thread.LibraryThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/// A call that has not ended.
final class PendingCall {

    private final long id;
    private final String method;
    private final boolean isAwaited; // by a thread; otherwise its asker's actions hang on the future
    private final CompletableFuture<JsonNode> answer = new CompletableFuture<>();

    PendingCall(long id, String method, boolean isAwaited) {
        this.id = id;
        this.method = method;
        this.isAwaited = isAwaited;
    }

    long id() {
        return id;
    }

    String method() {
        return method;
    }

    CompletableFuture<JsonNode> future() {
        return answer;
    }

    void answer(JsonNode result) {
        end(() -> answer.complete(result));
    }

    void fail(JsonRpcException why) {
        end(() -> answer.completeExceptionally(why));
    }

    /// Ends it, on a thread of its own where that runs what an asker has attached, or is just attaching,
    /// which may take long.
    private void end(Runnable completion) {
        if (isAwaited) {
            completion.run();
            return;
        }
        try {
            LibraryThreads.startVirtual("dyad-answer", completion);
        } catch (OutOfMemoryError noThread) {
            completion.run();
        }
    }

    /// Has it fail at a deadline.
    void expireAt(Deadline deadline) {
        DeadlineWaits.whenPassed(deadline, answer, () -> fail(late()));
    }

    /// Waits for the result.
    JsonNode await(Deadline deadline) throws JsonRpcException {
        try {
            return DeadlineWaits.get(answer, deadline);
        } catch (TimeoutException e) {
            throw late();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JsonRpcException(method, Why.CANCELLED, true, "the thread was interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof JsonRpcException failed
                    ? new JsonRpcException(failed)
                    : new JsonRpcException(method, Why.CANCELLED, true, String.valueOf(e.getMessage()), e);
        }
    }

    private JsonRpcException late() {
        return new JsonRpcException(
                method, Why.EXPIRED_RUNNING, true, "the deadline has passed before the answer came", null);
    }
}
