package dev.dyad.bench;

import dev.dyad.message.Exchange;
import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Inherited;
import java.io.IOException;

/// Answers each request with its bytes: the other side of [AskedRequests].
public final class MessageEcho {

    private static final int AT_ONCE = 64;

    private MessageEcho() {}

    /// Answers until nobody asks any more.
    ///
    /// @param arguments the exchange
    public static void main(String[] arguments) throws IOException {
        MessageChannel channel = MessageChannel.over(Inherited.socket(), Wire.framed());
        if (Exchange.valueOf(arguments[0]) == Exchange.IN_TURN) {
            answerInTurn(channel);
            return;
        }
        try (Requests parent = Requests.over(channel, Exchange.NUMBERED)) {
            parent.handler(AT_ONCE, Requests.Request::body);
            parent.channel().onClosed().join();
        }
    }

    /// Answers on this thread, as the smallest worker does.
    private static void answerInTurn(MessageChannel channel) throws IOException {
        try (channel) {
            while (answerOne(channel)) {
                // as many as there are
            }
        }
    }

    private static boolean answerOne(MessageChannel channel) throws IOException {
        try (Message message = channel.receive()) {
            if (message != null) {
                channel.send(message.bytes());
            }
            return message != null;
        }
    }
}
