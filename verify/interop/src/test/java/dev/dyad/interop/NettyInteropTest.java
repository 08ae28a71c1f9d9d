package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Listener;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.UnixAddress;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Netty on one end of a pair, as a server that never listened anywhere, and on listeners of ours.
@Timeout(60)
class NettyInteropTest {

    /// Sends back what comes, and knows who was there.
    @Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {

        private final List<Channel> channels = new CopyOnWriteArrayList<>();

        @Override
        public void channelActive(ChannelHandlerContext context) {
            channels.add(context.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {1, 64, 65_537, 8 << 20})
    void what_is_written_to_netty_comes_back(int size) throws Exception {
        var sent = new byte[size];
        new Random(size).nextBytes(sent);
        EventLoopGroup group = oneLoop();
        try (var pair = SocketPair.stream()) {
            var channel = new NioDomainSocketChannel(pair.right().toSocketChannel());
            channel.pipeline().addLast(new Echo());
            group.register(channel).sync();

            var writing = new FutureTask<>(() -> pair.left().write(ByteBuffer.wrap(sent)));
            Thread.ofVirtual().start(writing);
            assertThat(read(pair.left(), size)).isEqualTo(sent);
            assertThat(writing.get()).isEqualTo(size);

            pair.left().shutdownOutput();
            assertThat(pair.left().read(ByteBuffer.allocate(1), soon())).isEqualTo(-1);
            channel.closeFuture().sync();
        } finally {
            end(group);
        }
    }

    @Test
    void netty_on_both_ends_serves_many_pairs_in_one_loop() throws Exception {
        int count = 50;
        EventLoopGroup group = oneLoop();
        var pairs = new ArrayList<SocketPair<StreamSocket>>();
        var channels = new ArrayList<Channel>();
        try {
            for (int i = 0; i < count; i++) {
                var pair = SocketPair.stream();
                pairs.add(pair);
                var channel = new NioDomainSocketChannel(pair.right().toSocketChannel());
                channel.pipeline().addLast(new Echo());
                group.register(channel).sync();
                channels.add(channel);
            }
            for (int i = count - 1; i >= 0; i--) {
                byte[] mine = {(byte) i};
                pairs.get(i).left().write(ByteBuffer.wrap(mine));
                assertThat(read(pairs.get(i).left(), 1)).isEqualTo(mine);
            }
            for (int i = 0; i < count; i++) {
                channels.get(i).close().sync();
                assertThat(pairs.get(i).left().read(ByteBuffer.allocate(1), soon()))
                        .isEqualTo(-1);
            }
        } finally {
            closeAll(channels);
            end(group);
            for (var pair : pairs) {
                pair.close();
            }
        }
    }

    @Test
    void netty_serves_a_listener_at_a_port() throws Exception {
        var anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        serve(Listener.stream(anywhere), NioServerSocketChannel::new);
    }

    @Test
    void netty_serves_a_listener_at_a_path(@TempDir Path folder) throws Exception {
        serve(Listener.stream(UnixAddress.of(folder.resolve("socket"))), NioServerDomainSocketChannel::new);
    }

    private static void serve(
            Listener<StreamSocket> listener, Function<ServerSocketChannel, ? extends ServerChannel> wrapper)
            throws Exception {
        SocketAddress address = listener.localAddress();
        ServerSocketChannel channel = listener.toServerSocketChannel();
        EventLoopGroup group = oneLoop();
        var echo = new Echo();
        try {
            var server = new ServerBootstrap()
                    .group(group)
                    .channelFactory(() -> wrapper.apply(channel))
                    .childHandler(echo)
                    .register()
                    .sync()
                    .channel();
            byte[] sent = {1, 2, 3};
            for (int i = 0; i < 3; i++) {
                try (var client = StreamSocket.open(address)) {
                    client.write(ByteBuffer.wrap(sent));
                    assertThat(read(client, sent.length)).isEqualTo(sent);
                }
            }
            server.close().sync();
            assertThat(channel.isOpen()).isFalse();
        } finally {
            closeAll(echo.channels);
            end(group);
        }
    }

    /// A loop that is told to end while it serves a channel may leave all of them open.
    private static void closeAll(List<Channel> channels) throws InterruptedException {
        for (Channel channel : channels) {
            channel.close().sync();
        }
    }

    private static EventLoopGroup oneLoop() {
        return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    private static void end(EventLoopGroup group) throws InterruptedException {
        assertThat(group.shutdownGracefully(0, 0, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS))
                .isTrue();
    }

    private static byte[] read(StreamSocket end, int length) throws IOException {
        var room = ByteBuffer.allocate(length);
        while (room.hasRemaining()) {
            assertThat(end.read(room, soon())).isPositive();
        }
        return room.array();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }
}
