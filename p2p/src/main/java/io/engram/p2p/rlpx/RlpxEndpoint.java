package io.engram.p2p.rlpx;

import io.engram.genesis.crypto.KeyPair;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tuweni.bytes.Bytes;

/** Listens for peers and dials them. Thread-safe; {@link #close} ends all sessions. */
public final class RlpxEndpoint implements AutoCloseable {

    private static final int EVENT_LOOPS = 2;

    private final KeyPair node;
    private final String clientId;
    private final Map<Capability, Integer> capabilities;
    private final SessionListener listener;
    private final SecureRandom random = new SecureRandom();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(EVENT_LOOPS, NioIoHandler.newFactory());
    private final AtomicInteger pending = new AtomicInteger();
    private volatile int port;

    /** @param capabilities what this node speaks, and how many message codes each has */
    public RlpxEndpoint(
            KeyPair node, String clientId, Map<Capability, Integer> capabilities, SessionListener listener) {
        this.node = node;
        this.clientId = clientId;
        this.capabilities = Map.copyOf(capabilities);
        this.listener = listener;
    }

    /**
     * Starts listening.
     *
     * @param address port 0 for any free one
     * @return the port in use
     */
    public int listen(InetSocketAddress address) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Inbound())
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + address, bound.cause());
        }
        port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
        return port;
    }

    /**
     * Dials a node whose public key is known; the listener hears of the session when it opens.
     *
     * @return completes with the open session, or fails when there is none to be had
     */
    public CompletableFuture<Session> connect(InetSocketAddress address, Bytes nodeId) {
        RlpxChannel session = newSession(Optional.of(nodeId));
        CompletableFuture<Session> opening = session.opening();
        ChannelFuture _ = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) RlpxLimits.HANDSHAKE_TIMEOUT.toMillis())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        fill(channel, session);
                    }
                })
                .connect(address)
                .addListener((ChannelFutureListener) connected -> {
                    if (!connected.isSuccess()) {
                        opening.completeExceptionally(connected.cause());
                    }
                });
        return opening;
    }

    private final class Inbound extends ChannelInitializer<SocketChannel> {

        @Override
        protected void initChannel(SocketChannel channel) {
            if (pending.incrementAndGet() > RlpxLimits.PENDING_INBOUND
                    || !listener.onAccept(channel.remoteAddress().getAddress())) {
                pending.decrementAndGet();
                ChannelFuture _ = channel.close();
                return;
            }
            RlpxChannel session = newSession(Optional.empty());
            CompletableFuture<Session> _ = session.opening().whenComplete((open, failure) -> pending.decrementAndGet());
            fill(channel, session);
        }
    }

    private RlpxChannel newSession(Optional<Bytes> expectedId) {
        Hello hello = new Hello(
                Hello.VERSION,
                clientId,
                capabilities.keySet().stream().sorted().toList(),
                port,
                Bytes.wrap(node.publicKey()));
        return new RlpxChannel(node, hello, capabilities, expectedId, listener, random);
    }

    private static void fill(Channel channel, RlpxChannel session) {
        channel.pipeline()
                .addLast(new IdleStateHandler(RlpxLimits.PING_INTERVAL.toMillis(), 0, 0, TimeUnit.MILLISECONDS))
                .addLast(new ReadTimeoutHandler(RlpxLimits.READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS))
                .addLast(new WriteTimeoutHandler(RlpxLimits.WRITE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS))
                .addLast(session);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
