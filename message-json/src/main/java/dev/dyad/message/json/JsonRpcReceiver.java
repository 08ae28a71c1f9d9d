package dev.dyad.message.json;

import dev.dyad.message.Closed;
import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.WireException;
import java.io.IOException;

/// Receives all messages of a channel, and gives each to the one that it is for.
final class JsonRpcReceiver implements Runnable {

    private final MessageChannel channel;
    private final Cancellation cancellation;
    private final PendingCalls pending;
    private final AnsweredRequests answered;
    private final ToldNotifications told;

    JsonRpcReceiver(
            MessageChannel channel,
            Cancellation cancellation,
            PendingCalls pending,
            AnsweredRequests answered,
            ToldNotifications told) {
        this.channel = channel;
        this.cancellation = cancellation;
        this.pending = pending;
        this.answered = answered;
        this.told = told;
    }

    @Override
    public void run() {
        try {
            while (takeOne()) {
                // as many as come
            }
        } catch (IOException e) {
            // the event says it all
        } catch (Throwable e) {
            closeFor("messages cannot be received: " + e);
        }
        Closed how = channel.closed().orElseGet(() -> new Closed.Here("messages cannot be received"));
        for (PendingCall call : pending.end(how)) {
            call.fail(new JsonRpcException(call.method(), how, true));
        }
        answered.cancelAll();
    }

    private void closeFor(String why) {
        try {
            channel.close(why);
        } catch (IOException e) {
            // it has ended all the same
        }
    }

    /// Receives a message, and gives it to the one that it is for.
    ///
    /// @return false at the end
    private boolean takeOne() throws IOException {
        try (Message message = channel.receive()) {
            if (message != null && !JsonMessages.isBlank(message.bytes())) {
                try {
                    take(message, JsonMessages.read(message.bytes()));
                } catch (WireException e) {
                    throw channel.misbehaved(e, message);
                }
            }
            return message != null;
        }
    }

    private void take(Message message, JsonRpcMessage what) throws WireException {
        switch (what) {
            case JsonRpcMessage.Answers answer -> {
                PendingCall call = pending.answered(answer.id());
                if (call != null) {
                    call.answer(answer.result());
                }
            }
            case JsonRpcMessage.Fails failure -> {
                PendingCall call = pending.answered(failure.id());
                if (call != null) {
                    call.fail(new JsonRpcException(call.method(), failure));
                }
            }
            case JsonRpcMessage.Asks request -> {
                if (!answered.begin(request, message.length())) {
                    closeFor("the peer asks on, and reads no answers");
                }
            }
            case JsonRpcMessage.Tells one -> {
                if (cancellation.isCancel(one.method())) {
                    answered.cancel(cancellation.cancelled(one.params()));
                } else if (!told.give(one, message.length())) {
                    closeFor("the handler of " + one.method() + " has fallen too far behind");
                }
            }
        }
    }
}
