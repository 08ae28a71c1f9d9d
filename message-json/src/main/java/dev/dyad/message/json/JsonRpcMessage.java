package dev.dyad.message.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A message of the peer, as far as JSON-RPC says what there may be.
sealed interface JsonRpcMessage {

    /// The peer asks.
    ///
    /// @param id text or an integer number
    record Asks(JsonNode id, String method, JsonNode params) implements JsonRpcMessage {}

    /// The peer tells, and wants no answer.
    record Tells(String method, JsonNode params) implements JsonRpcMessage {}

    /// An answer to a request of ours.
    record Answers(long id, JsonNode result) implements JsonRpcMessage {}

    /// A request of ours has failed there.
    record Fails(
            long id, int code, String message, @Nullable JsonNode data) implements JsonRpcMessage {}
}
