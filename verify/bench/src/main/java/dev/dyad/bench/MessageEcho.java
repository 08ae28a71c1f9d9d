package dev.dyad.bench;

import dev.dyad.message.Exchange;
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
        try (Requests parent =
                Requests.over(MessageChannel.over(Inherited.socket(), Wire.framed()), Exchange.valueOf(arguments[0]))) {
            parent.handler(AT_ONCE, Requests.Request::body);
            parent.channel().onClosed().join();
        }
    }
}
