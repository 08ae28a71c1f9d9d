package dev.dyad.bench;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/// Gives back what it reads, or takes it and no more.
final class NettyServing extends ChannelInboundHandlerAdapter {

    private final boolean echoes;

    NettyServing(boolean echoes) {
        this.echoes = echoes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (echoes) {
            var _ = context.writeAndFlush(bytes);
        } else {
            ReferenceCountUtil.release(bytes);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }
}
