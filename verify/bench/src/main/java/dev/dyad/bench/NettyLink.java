package dev.dyad.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Netty's UNIX domain sockets by epoll, used as Netty is meant to be: all work is done on the event loop.
///
/// @param group the event loop, of one thread
/// @param channel the parent's end
record NettyLink(EventLoopGroup group, Channel channel, JvmChild child) implements PeerLink {

    static NettyLink open(String what) throws IOException, InterruptedException, ExecutionException {
        if (!Epoll.isAvailable()) {
            throw new MissingPeer("Netty has no epoll here: " + Epoll.unavailabilityCause());
        }
        EventLoopGroup group = oneThread();
        try (var folder = TemporaryFolder.make()) {
            String path = folder.resolve("s").toString();
            var accepted = new CompletableFuture<Channel>();
            Channel listener = new ServerBootstrap()
                    .group(group)
                    .channel(EpollServerDomainSocketChannel.class)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            accepted.complete(channel);
                        }
                    })
                    .bind(new DomainSocketAddress(path))
                    .sync()
                    .channel();
            var child = new JvmChild(LinkedPeer.NETTY.startChild(what, path));
            child.closeWhenItEnds(() -> accepted.completeExceptionally(new IOException("the child has ended")));
            Channel channel = accepted.get();
            listener.close().sync();
            return new NettyLink(group, channel, child);
        } catch (IOException | ExecutionException | RuntimeException e) {
            end(group);
            throw e;
        }
    }

    /// Is the child.
    static void serve(String path, boolean echoes) throws InterruptedException {
        EventLoopGroup group = oneThread();
        new Bootstrap()
                .group(group)
                .channel(EpollDomainSocketChannel.class)
                .handler(new NettyServing(echoes))
                .connect(new DomainSocketAddress(path))
                .sync()
                .channel()
                .closeFuture()
                .sync();
        end(group);
    }

    @Override
    public Histogram ask(double seconds) throws InterruptedException, ExecutionException {
        var asking = new NettyAsking(seconds);
        channel.pipeline().addLast(asking);
        Histogram nanos = asking.done().get();
        channel.pipeline().remove(asking);
        return nanos;
    }

    @Override
    public double give(double seconds) throws InterruptedException, ExecutionException {
        var giving = new NettyGiving(seconds);
        channel.pipeline().addLast(giving);
        double rate = giving.done().get();
        channel.pipeline().remove(giving);
        return rate;
    }

    @Override
    public void close() throws IOException {
        try (child) {
            channel.close().awaitUninterruptibly();
            end(group);
        }
    }

    private static EventLoopGroup oneThread() {
        return new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    private static void end(EventLoopGroup group) {
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
