package dev.dyad.message.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How one side tells the other that an answer is not wanted any more, which JSON-RPC itself does not say.
///
/// {@snippet file="dev/dyad/message/json/examples/JsonRpcExamplesTest.java" region="cancellation"}
public enum Cancellation {
    /// Nothing is told: the other side goes on, and its answer is dropped.
    NONE(null, "id"),

    /// `$/cancelRequest`, as language servers know it. A request that is cancelled is still answered.
    LSP("$/cancelRequest", "id"),

    /// `notifications/cancelled`, as MCP has it. A request that is cancelled is not answered, and
    /// `initialize` is never cancelled.
    MCP("notifications/cancelled", "requestId");

    /// What language servers answer to a request that was cancelled.
    static final int REQUEST_CANCELLED = -32800;

    private final @Nullable String method;
    private final String idField;

    Cancellation(@Nullable String method, String idField) {
        this.method = method;
        this.idField = idField;
    }

    /// Returns the message that cancels a request of ours, or `null` where none does.
    @Nullable
    JsonNode message(long id, String asked) {
        if (method == null || (this == MCP && asked.equals("initialize"))) {
            return null;
        }
        return JsonMessages.request(null, method, JsonMessages.objectNode().put(idField, id));
    }

    /// Returns whether a notification of the peer cancels a request of its own.
    boolean isCancel(String told) {
        return told.equals(method);
    }

    /// Returns which one.
    JsonNode cancelled(JsonNode params) {
        return params.path(idField);
    }

    /// Returns whether a cancelled request is answered all the same.
    boolean answersCancelled() {
        return this != MCP;
    }
}
