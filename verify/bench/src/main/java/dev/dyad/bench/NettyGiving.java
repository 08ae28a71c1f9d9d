package dev.dyad.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// Writes chunks once it is added to a channel's pipeline, whenever the channel takes more, for so long.
final class NettyGiving extends ChannelInboundHandlerAdapter {

    private final CompletableFuture<Double> done = new CompletableFuture<>();
    private final double seconds;
    private long start;
    private long given;

    NettyGiving(double seconds) {
        this.seconds = seconds;
    }

    /// Returns the GB/s, when the time is over.
    CompletableFuture<Double> done() {
        return done;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        start = System.nanoTime();
        ByteBuf chunk = context.alloc().directBuffer(PeerLink.CHUNK).writeZero(PeerLink.CHUNK);
        var _ = done.whenComplete((_, _) -> chunk.release());
        context.executor().execute(() -> give(context, chunk));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        done.completeExceptionally(new IOException("the child has gone"));
    }

    /// Has two chunks on their way: the next is written when one has gone.
    private void give(ChannelHandlerContext context, ByteBuf chunk) {
        write(context, chunk);
        write(context, chunk);
    }

    private void write(ChannelHandlerContext context, ByteBuf chunk) {
        var _ = context.writeAndFlush(chunk.retainedDuplicate()).addListener(written -> {
            if (!written.isSuccess()) {
                done.completeExceptionally(written.cause());
                return;
            }
            given += PeerLink.CHUNK;
            double passed = (System.nanoTime() - start) / 1e9;
            if (passed < seconds) {
                write(context, chunk);
            } else {
                done.complete(given / passed / 1e9);
            }
        });
    }
}
