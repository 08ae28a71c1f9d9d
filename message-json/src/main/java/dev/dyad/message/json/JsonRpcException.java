package dev.dyad.message.json;

import dev.dyad.message.Closed;
import dev.dyad.message.RequestFailedException.Why;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A call has no result: the other side answered with an error, or there is no answer. It says why, and
/// whether the call may have run.
///
/// A handler throws it to answer with an error of its own.
///
/// {@snippet file="dev/dyad/message/json/examples/JsonRpcExamplesTest.java" region="failed"}
public final class JsonRpcException extends IOException {

    private static final long serialVersionUID = 1;

    /// Why there is no result.
    private final Why why;

    /// Whether the other side may have begun.
    private final boolean mayHaveRun;

    /// What the other side says of the kind of error, or zero.
    private final int code;

    /// What the other side says of it, or is to be told.
    private final String text;

    private final transient @Nullable JsonNode data;
    private final transient @Nullable Closed closed;

    /// Makes the error that a handler answers with.
    ///
    /// @param code the kind of error: the values from -32768 to -32000 have a meaning in JSON-RPC
    /// @param message what is wrong, in a sentence
    public JsonRpcException(int code, String message) {
        this(code, message, null);
    }

    /// Makes the error that a handler answers with.
    ///
    /// @param code the kind of error
    /// @param message what is wrong, in a sentence
    /// @param data more about it, or `null`
    public JsonRpcException(int code, String message, @Nullable JsonNode data) {
        this(message, code, message, data);
    }

    private JsonRpcException(String message, int code, String text, @Nullable JsonNode data) {
        super(message);
        why = Why.ANSWERED_ERROR;
        mayHaveRun = true;
        this.code = code;
        this.text = String.valueOf(text); // a handler may pass on the message of an exception that has none
        this.data = data;
        closed = null;
    }

    /// The other side has answered a call with an error.
    JsonRpcException(String method, JsonRpcMessage.Fails error) {
        this(method + ": " + error.message() + " (" + error.code() + ")", error.code(), error.message(), error.data());
    }

    JsonRpcException(String method, Why why, boolean mayHaveRun, String message, @Nullable Throwable cause) {
        super(method + ": " + message + told(mayHaveRun), cause);
        this.why = why;
        this.mayHaveRun = mayHaveRun;
        code = 0;
        text = message + told(mayHaveRun);
        data = null;
        closed = null;
    }

    JsonRpcException(String method, Closed closed, boolean mayHaveRun) {
        super(method + ": the channel has ended: " + closed + told(mayHaveRun));
        why = Why.CHANNEL_ENDED;
        this.mayHaveRun = mayHaveRun;
        code = 0;
        text = "the channel has ended: " + closed + told(mayHaveRun);
        data = null;
        this.closed = closed;
    }

    /// The same, as thrown to another thread.
    JsonRpcException(JsonRpcException failed) {
        super(failed.getMessage(), failed);
        why = failed.why;
        mayHaveRun = failed.mayHaveRun;
        code = failed.code;
        text = failed.text;
        data = failed.data;
        closed = failed.closed;
    }

    private static String told(boolean mayHaveRun) {
        return mayHaveRun ? "; it may have run" : "; it has not run";
    }

    /// Returns why. Where the other side answered with an error, that is
    /// [ANSWERED_ERROR][Why#ANSWERED_ERROR], and the message has the method, the other side's text, and its code.
    ///
    /// @return the reason
    public Why why() {
        return why;
    }

    /// Returns whether the other side may have begun with it: no only where no byte of it was written, so
    /// that it can be asked again anywhere.
    ///
    /// @return whether it may have run
    public boolean mayHaveRun() {
        return mayHaveRun;
    }

    /// Returns the code of the other side's error, such as -32601 for a method that it does not know.
    ///
    /// @return the code, or zero where it did not answer
    public int code() {
        return code;
    }

    /// Returns what the other side's error says, without the method and the code, or why there was no answer.
    ///
    /// @return the text, which may be shown to people
    public String text() {
        return text;
    }

    /// Returns what the other side's error has besides a code and a message.
    ///
    /// @return the data
    public Optional<JsonNode> data() {
        return Optional.ofNullable(data);
    }

    /// Returns how the channel ended, where that is why.
    ///
    /// @return the event
    public Optional<Closed> closed() {
        return Optional.ofNullable(closed);
    }
}
