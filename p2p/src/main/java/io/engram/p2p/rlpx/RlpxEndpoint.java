package io.engram.p2p.rlpx;

import io.engram.genesis.crypto.KeyPair;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                .childHandler(initializer(Optional.empty()))
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + address, bound.cause());
        }
        port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
        return port;
    }

    /** Dials a node whose public key is known; the listener hears of the session when it opens. */
    public void connect(InetSocketAddress address, Bytes nodeId) throws IOException {
        ChannelFuture connected = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) RlpxLimits.HANDSHAKE_TIMEOUT.toMillis())
                .handler(initializer(Optional.of(nodeId)))
                .connect(address)
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            throw new IOException("cannot connect to " + address, connected.cause());
        }
    }

    private static WriteBufferWaterMark waterMark() {
        return new WriteBufferWaterMark(RlpxLimits.OUTBOUND_BYTES / 2, RlpxLimits.OUTBOUND_BYTES);
    }

    private ChannelInitializer<SocketChannel> initializer(Optional<Bytes> expectedId) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                Hello hello = new Hello(
                        Hello.VERSION,
                        clientId,
                        capabilities.keySet().stream().sorted().toList(),
                        port,
                        Bytes.wrap(node.publicKey()));
                Channel target = channel;
                target.pipeline().addLast(new RlpxChannel(node, hello, capabilities, expectedId, listener, random));
            }
        };
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
