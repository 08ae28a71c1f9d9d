package dev.dyad.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/// Asks once it is added to a channel's pipeline, and again on each answer, for so long.
final class NettyAsking extends SimpleChannelInboundHandler<ByteBuf> {

    private final CompletableFuture<Histogram> done = new CompletableFuture<>();
    private final Histogram nanos = new Histogram(3);
    private final double seconds;
    private long end;
    private long asked;
    private int received;

    NettyAsking(double seconds) {
        this.seconds = seconds;
    }

    /// Returns how long each one took, when the time is over.
    CompletableFuture<Histogram> done() {
        return done;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        end = System.nanoTime() + (long) (seconds * 1e9);
        context.executor().execute(() -> ask(context));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
        received += bytes.readableBytes();
        if (received < RoundTrip.MESSAGE) {
            return;
        }
        long now = System.nanoTime();
        nanos.recordValue(now - asked);
        if (now < end) {
            ask(context);
        } else {
            done.complete(nanos);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        done.completeExceptionally(new IOException("the child has gone"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        done.completeExceptionally(cause);
    }

    private void ask(ChannelHandlerContext context) {
        received = 0;
        asked = System.nanoTime();
        var _ = context.writeAndFlush(
                context.alloc().directBuffer(RoundTrip.MESSAGE).writeZero(RoundTrip.MESSAGE));
    }
}
