package dev.dyad.bench;

import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// A virtual thread that receives at each end of many channels, and nothing to receive: prints which share of a core
/// the process takes, in percent.
public final class IdleChannels {

    private IdleChannels() {}

    /// Measures.
    ///
    /// @param arguments how many pairs of channels, and for how many seconds nothing happens
    public static void main(String[] arguments) throws IOException {
        int pairs = Integer.parseInt(arguments[0]);
        List<MessageChannel> channels = new ArrayList<>(2 * pairs);
        List<Thread> receivers = new ArrayList<>(2 * pairs);
        for (int i = 0; i < pairs; i++) {
            SocketPair<StreamSocket> pair = SocketPair.stream();
            for (StreamSocket end : List.of(pair.left(), pair.right())) {
                MessageChannel channel = MessageChannel.over(end, Wire.framed());
                channels.add(channel);
                receivers.add(Thread.startVirtualThread(() -> receive(channel)));
            }
        }
        receivers.forEach(IdleReaders::awaitWaiting);
        System.out.println(100 * IdleReaders.shareOfCore(Double.parseDouble(arguments[1])));
        for (MessageChannel channel : channels) {
            channel.close();
        }
    }

    private static void receive(MessageChannel channel) {
        try (Message message = channel.receive()) {
            if (message != null) {
                throw new AssertionError("nobody sends");
            }
        } catch (IOException e) {
            if (channel.closed().isEmpty()) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
