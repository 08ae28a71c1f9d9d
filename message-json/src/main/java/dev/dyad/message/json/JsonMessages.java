package dev.dyad.message.json;

import dev.dyad.message.WireException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/// Messages of JSON-RPC 2.0 as bytes, and bytes as messages.
final class JsonMessages {

    /// How many names, values and brackets a message may have: a tree of them takes far more memory than
    /// their bytes, of which the channel's limit is.
    private static final long MOST_TOKENS = 4_000_000;

    private static final int LONGEST_ID = 1_000; // characters; it is kept until the request is answered
    private static final int SHOWN = 200; // characters of what is wrong

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION) // two ids would be two requests
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .nodeFactory(new FiniteNumbers())
            .build();

    private static final int DECODED_AT_ONCE = 1024; // characters

    /// Refuses what a `double` would take for infinite.
    private static final class FiniteNumbers extends JsonNodeFactory {
        private static final long serialVersionUID = 1;

        @Override
        public NumericNode numberNode(double value) {
            if (Double.isInfinite(value)) {
                throw new StreamConstraintsException("a number beyond those of 64-bit floating point");
            }
            return super.numberNode(value);
        }
    }

    private JsonMessages() {}

    static ObjectNode objectNode() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// Returns what Jackson makes of a value.
    ///
    /// @throws IllegalArgumentException if it makes nothing of it
    static JsonNode tree(@Nullable Object value) {
        try {
            return value == null ? JsonNodeFactory.instance.nullNode() : MAPPER.valueToTree(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not to be told in JSON: " + e.getOriginalMessage(), e);
        }
    }

    /// Returns a request; or, without an id, a notification.
    static ObjectNode request(@Nullable Long id, String method, @Nullable Object params) {
        ObjectNode message = objectNode().put("jsonrpc", "2.0");
        if (id != null) {
            message.put("id", id);
        }
        message.put("method", method);
        JsonNode tree = tree(params);
        if (!tree.isNull()) {
            if (!tree.isContainer()) {
                throw new IllegalArgumentException("parameters are an object or an array, not " + tree.getNodeType());
            }
            message.set("params", tree);
        }
        return message;
    }

    static ObjectNode answer(JsonNode id, JsonNode result) {
        ObjectNode message = objectNode().put("jsonrpc", "2.0");
        message.set("id", id);
        message.set("result", result);
        return message;
    }

    static ObjectNode failure(JsonNode id, int code, String text, @Nullable JsonNode data) {
        ObjectNode message = objectNode().put("jsonrpc", "2.0");
        message.set("id", id);
        ObjectNode error = message.putObject("error").put("code", code).put("message", text);
        if (data != null) {
            error.set("data", data);
        }
        return message;
    }

    static ByteBuffer bytes(JsonNode message) {
        try {
            return ByteBuffer.wrap(MAPPER.writeValueAsBytes(message)); // on one line
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not to be told in JSON: " + e.getOriginalMessage(), e);
        }
    }

    /// Reads a message.
    ///
    /// @param bytes all of it, which an array has
    /// @throws WireException if it is none, with the byte of the message
    static JsonRpcMessage read(ByteBuffer bytes) throws WireException {
        JsonNode message = parse(bytes);
        if (message.isArray()) {
            throw new WireException("a batch, which is not taken", 0);
        }
        if (!message.isObject()) {
            throw new WireException("JSON that is no object", 0);
        }
        if (!isText(message.path("jsonrpc"), "2.0")) {
            throw new WireException("a message without \"jsonrpc\": \"2.0\"", 0);
        }
        boolean isAnswer = message.has("result") || message.has("error");
        if (message.has("method")) {
            require(!isAnswer, "a message that is both a request and an answer");
            return asked(message);
        }
        require(isAnswer, "a message that is neither a request nor an answer");
        return answered(message);
    }

    /// Returns whether a message is nothing but white space, such as the blank line that a program prints.
    static boolean isBlank(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            switch (bytes.get(i)) {
                case ' ', '\t', '\r', '\n' -> {}
                default -> {
                    return false;
                }
            }
        }
        return true;
    }

    private static JsonNode parse(ByteBuffer bytes) throws WireException {
        int start = bytes.arrayOffset() + bytes.position();
        if (bytes.remaining() > 1 && (bytes.get(bytes.position()) == 0 || bytes.get(bytes.position() + 1) == 0)) {
            throw notUtf8(0); // Jackson would take it for UTF-16
        }
        requireUtf8(bytes.duplicate());
        try {
            return MAPPER.readTree(bytes.array(), start, bytes.remaining());
        } catch (JacksonException e) {
            String what = String.valueOf(e.getOriginalMessage());
            long at = e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
            String rule = e instanceof StreamConstraintsException ? "JSON beyond a limit" : "JSON that is none";
            throw new WireException(
                    rule + " (" + what.substring(0, Math.min(what.length(), SHOWN)) + ")",
                    Math.clamp(at, 0, Math.max(0, bytes.remaining() - 1)));
        }
    }

    /// Jackson makes characters of bytes that are none, such as `c0 80`.
    private static void requireUtf8(ByteBuffer bytes) throws WireException {
        int start = bytes.position();
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer decoded = CharBuffer.allocate(Math.min(bytes.remaining() + 1, DECODED_AT_ONCE));
        CoderResult result;
        do {
            decoded.clear();
            result = decoder.decode(bytes, decoded, true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw notUtf8(bytes.position() - start);
        }
    }

    private static WireException notUtf8(int at) {
        return new WireException("JSON that is not UTF-8", at);
    }

    private static JsonRpcMessage asked(JsonNode message) throws WireException {
        JsonNode method = message.path("method");
        require(method.isString(), "a method that is no text");
        JsonNode params = message.path("params");
        require(
                params.isContainer() || params.isNull() || params.isMissingNode(),
                "parameters that are neither an object nor an array");
        JsonNode given = params.isMissingNode() ? JsonNodeFactory.instance.nullNode() : params;
        JsonNode id = message.path("id");
        if (id.isMissingNode()) {
            return new JsonRpcMessage.Tells(method.stringValue(), given);
        }
        require(id.isString() || id.isIntegralNumber(), "a request whose id is neither text nor an integer");
        require(id.asString().length() <= LONGEST_ID, "a request whose id has more than 1,000 characters");
        return new JsonRpcMessage.Asks(id, method.stringValue(), given);
    }

    /// Some say `null` for what there is not of a result and an error.
    private static JsonRpcMessage answered(JsonNode message) throws WireException {
        JsonNode error = message.path("error");
        boolean failed = !error.isMissingNode() && !error.isNull();
        JsonNode result = message.path("result");
        if (failed) {
            require(result.isMissingNode() || result.isNull(), "an answer with both a result and an error");
            require(
                    error.path("code").canConvertToInt()
                            && error.path("code").isIntegralNumber()
                            && error.path("message").isString(),
                    "an error without a code and a message");
        } else {
            require(!result.isMissingNode(), "an answer with neither a result nor an error");
        }
        JsonNode id = message.path("id");
        if (failed && id.isNull()) {
            throw new WireException(
                    "an error for a message that the peer could not read: "
                            + error.path("message").stringValue(),
                    0);
        }
        require(id.isIntegralNumber() && id.canConvertToLong(), "an answer whose id is none of ours");
        return failed
                ? new JsonRpcMessage.Fails(
                        id.longValue(),
                        error.path("code").intValue(),
                        error.path("message").stringValue(),
                        error.get("data"))
                : new JsonRpcMessage.Answers(id.longValue(), result);
    }

    private static boolean isText(JsonNode node, String text) {
        return node.isString() && node.stringValue().equals(text);
    }

    private static void require(boolean kept, String rule) throws WireException {
        if (!kept) {
            throw new WireException(rule, 0);
        }
    }
}
