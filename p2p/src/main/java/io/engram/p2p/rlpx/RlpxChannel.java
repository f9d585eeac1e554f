package io.engram.p2p.rlpx;

import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.WriteTimeoutException;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xerial.snappy.Snappy;

/**
 * One connection from the first byte of the key exchange to its end. All state belongs to the channel's event loop; only
 * {@link #send} and {@link #disconnect} may be called from elsewhere.
 */
class RlpxChannel extends ByteToMessageDecoder implements Session {

    private static final Logger LOG = LoggerFactory.getLogger(RlpxChannel.class);

    private static final int DISCONNECT = 0x01;
    private static final int PING = 0x02;
    private static final int PONG = 0x03;

    private enum Stage {
        KEY_EXCHANGE,
        HELLO,
        OPEN,
        CLOSED
    }

    private final KeyPair node;
    private final Hello ownHello;
    private final Map<Capability, Integer> ownCapabilities;
    private final SessionListener listener;
    private final Handshake handshake;

    /** Present when this side dials: the key that the peer must prove. */
    private final Optional<Bytes> expectedId;

    private Stage stage = Stage.KEY_EXCHANGE;
    private Optional<FrameCodec> frames = Optional.empty();
    private int bodySize = -1;
    private Bytes remoteId = Bytes.EMPTY;
    private Optional<Hello> remoteHello = Optional.empty();
    private Optional<CapabilityOffsets> offsets = Optional.empty();
    private Optional<ScheduledFuture<?>> deadline = Optional.empty();
    private volatile Optional<ChannelHandlerContext> context = Optional.empty();
    private DisconnectReason reason = DisconnectReason.TCP_ERROR;

    /** Completes when the session opens, or fails with why it did not. */
    private final CompletableFuture<Session> opening = new CompletableFuture<>();

    private final AtomicLong outboundBytes = new AtomicLong();

    RlpxChannel(
            KeyPair node,
            Hello ownHello,
            Map<Capability, Integer> ownCapabilities,
            Optional<Bytes> expectedId,
            SessionListener listener,
            SecureRandom random) {
        this.node = node;
        this.ownHello = ownHello;
        this.ownCapabilities = ownCapabilities;
        this.expectedId = expectedId;
        this.listener = listener;
        this.handshake = new Handshake(node, random);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        context = Optional.of(ctx);
        deadline = Optional.of(ctx.executor()
                .schedule(
                        () -> close(ctx, DisconnectReason.TIMEOUT),
                        RlpxLimits.HANDSHAKE_TIMEOUT.toMillis(),
                        TimeUnit.MILLISECONDS));
        if (expectedId.isPresent()) {
            remoteId = expectedId.get();
            write(ctx, handshake.initiate(remoteId.toArrayUnsafe()));
        }
        super.channelActive(ctx);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        try {
            switch (stage) {
                case KEY_EXCHANGE -> keyExchange(ctx, in);
                case HELLO, OPEN -> frame(ctx, in);
                case CLOSED -> in.skipBytes(in.readableBytes());
            }
        } catch (RlpxException e) {
            LOG.debug("{}: {}", ctx.channel().remoteAddress(), e.getMessage());
            in.skipBytes(in.readableBytes());
            close(ctx, DisconnectReason.PROTOCOL_BREACH);
        }
    }

    private void keyExchange(ChannelHandlerContext ctx, ByteBuf in) throws RlpxException {
        if (in.readableBytes() < 2) {
            return;
        }
        int size = in.getUnsignedShort(in.readerIndex());
        if (size > RlpxLimits.HANDSHAKE_PACKET_BYTES) {
            throw new RlpxException("handshake packet of " + size + " bytes");
        }
        if (in.readableBytes() < 2 + size) {
            return;
        }
        byte[] packet = new byte[2 + size];
        in.readBytes(packet);
        if (expectedId.isPresent()) {
            frames = Optional.of(new FrameCodec(handshake.complete(packet)));
        } else {
            Handshake.Response response = handshake.respond(packet);
            remoteId = Bytes.wrap(response.remoteKey());
            frames = Optional.of(new FrameCodec(response.secrets()));
            write(ctx, response.packet());
        }
        stage = Stage.HELLO;
        writeMessage(ctx, Hello.CODE, ownHello.encode(), false);
    }

    private void frame(ChannelHandlerContext ctx, ByteBuf in) throws RlpxException {
        FrameCodec codec = frames.orElseThrow();
        if (bodySize < 0) {
            if (in.readableBytes() < FrameCodec.HEADER_SIZE) {
                return;
            }
            byte[] header = new byte[FrameCodec.HEADER_SIZE];
            in.readBytes(header);
            bodySize = codec.decodeHeader(header);
            if (bodySize == 0 || (stage == Stage.HELLO && bodySize > RlpxLimits.HELLO_BYTES)) {
                throw new RlpxException("frame of " + bodySize + " bytes");
            }
        }
        int wire = FrameCodec.sealedSize(bodySize);
        if (in.readableBytes() < wire) {
            return;
        }
        byte[] sealed = new byte[wire];
        in.readBytes(sealed);
        Bytes body = Bytes.wrap(codec.decodeBody(sealed, bodySize));
        bodySize = -1;
        message(ctx, body);
    }

    private void message(ChannelHandlerContext ctx, Bytes body) throws RlpxException {
        int code;
        int codeSize;
        try {
            RlpReader reader = RlpReader.of(body.slice(0, Math.min(body.size(), 5)));
            code = reader.readInt();
            codeSize = RlpWriter.items(w -> w.scalar(code)).size();
        } catch (RlpException e) {
            throw new RlpxException("malformed message code", e);
        }
        Bytes data = body.slice(codeSize);
        if (stage == Stage.HELLO) {
            if (code == Hello.CODE) {
                opened(ctx, Hello.decode(data));
            } else if (code == DISCONNECT) {
                close(ctx, reasonOf(data));
            } else {
                throw new RlpxException("message " + code + " before Hello");
            }
            return;
        }
        Bytes payload = decompress(data);
        switch (code) {
            case Hello.CODE -> throw new RlpxException("a second Hello");
            case DISCONNECT -> close(ctx, reasonOf(payload));
            case PING -> writeMessage(ctx, PONG, RlpWriter.list(w -> {}), true);
            case PONG -> {}
            default -> {
                Map.Entry<Capability, Integer> target = offsets.orElseThrow()
                        .fromWire(code)
                        .orElseThrow(() -> new RlpxException("message code " + code + " belongs to no capability"));
                listener.onMessage(this, target.getKey(), target.getValue(), payload);
            }
        }
    }

    private void opened(ChannelHandlerContext ctx, Hello hello) throws RlpxException {
        if (!hello.nodeId().equals(remoteId)) {
            close(ctx, DisconnectReason.UNEXPECTED_IDENTITY);
            return;
        }
        if (hello.nodeId().equals(Bytes.wrap(node.publicKey()))) {
            close(ctx, DisconnectReason.SELF);
            return;
        }
        if (hello.version() < Hello.VERSION) {
            close(ctx, DisconnectReason.INCOMPATIBLE_VERSION);
            return;
        }
        CapabilityOffsets shared = new CapabilityOffsets(ownCapabilities, hello.capabilities());
        if (shared.shared().isEmpty()) {
            close(ctx, DisconnectReason.USELESS_PEER);
            return;
        }
        remoteHello = Optional.of(hello);
        offsets = Optional.of(shared);
        stage = Stage.OPEN;
        deadline.ifPresent(timer -> timer.cancel(false));
        listener.onOpen(this);
        opening.complete(this);
    }

    CompletableFuture<Session> opening() {
        return opening;
    }

    private static Bytes decompress(Bytes data) throws RlpxException {
        byte[] compressed = data.toArrayUnsafe();
        try {
            int length = Snappy.uncompressedLength(compressed);
            if (length < 0 || length > RlpxLimits.MESSAGE_BYTES) {
                throw new RlpxException("message of " + length + " bytes");
            }
            return Bytes.wrap(Snappy.uncompress(compressed));
        } catch (IOException | IllegalArgumentException e) {
            throw new RlpxException("malformed Snappy data", e);
        }
    }

    private static DisconnectReason reasonOf(Bytes payload) {
        try {
            RlpReader reader = RlpReader.of(payload);
            RlpReader code = reader.nextIsList() ? reader.readList() : reader;
            return code.hasNext() ? DisconnectReason.of(code.readInt()) : DisconnectReason.REQUESTED;
        } catch (RlpException e) {
            return DisconnectReason.UNKNOWN;
        }
    }

    private void writeMessage(ChannelHandlerContext ctx, int code, Bytes payload, boolean compress) {
        write(ctx, encode(code, payload, compress));
    }

    private byte[] encode(int code, Bytes payload, boolean compress) {
        Bytes prefix = RlpWriter.items(w -> w.scalar(code));
        try {
            byte[] data = compress ? Snappy.compress(payload.toArrayUnsafe()) : payload.toArrayUnsafe();
            return frames.orElseThrow()
                    .encode(Bytes.concatenate(prefix, Bytes.wrap(data)).toArrayUnsafe());
        } catch (IOException e) {
            throw new IllegalStateException("compression in memory cannot fail", e);
        }
    }

    private static void write(ChannelHandlerContext ctx, byte[] bytes) {
        ChannelFuture _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(bytes))
                .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    /** Says why, if the peer can still read it, and closes. On the event loop. */
    private void close(ChannelHandlerContext ctx, DisconnectReason why) {
        if (stage == Stage.CLOSED) {
            return;
        }
        reason = why;
        if (frames.isPresent()) {
            byte[] farewell = encode(DISCONNECT, RlpWriter.list(w -> w.scalar(why.code())), stage == Stage.OPEN);
            ChannelFuture _ =
                    ctx.writeAndFlush(Unpooled.wrappedBuffer(farewell)).addListener(ChannelFutureListener.CLOSE);
        } else {
            ChannelFuture _ = ctx.close();
        }
        finish();
    }

    private void finish() {
        boolean wasOpen = stage == Stage.OPEN;
        stage = Stage.CLOSED;
        deadline.ifPresent(timer -> timer.cancel(false));
        if (wasOpen) {
            listener.onClose(this, reason);
        } else {
            opening.completeExceptionally(new RlpxException("not opened: " + reason));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof IdleStateEvent idle && idle.state() == IdleState.READER_IDLE && stage == Stage.OPEN) {
            writeMessage(ctx, PING, RlpWriter.list(w -> {}), true);
        }
        super.userEventTriggered(ctx, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        if (stage != Stage.CLOSED) {
            finish();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof ReadTimeoutException || cause instanceof WriteTimeoutException) {
            close(ctx, DisconnectReason.TIMEOUT);
            return;
        }
        if (cause instanceof IOException) {
            LOG.debug("{}: {}", ctx.channel().remoteAddress(), cause.getMessage());
        } else {
            LOG.error("session with {}", ctx.channel().remoteAddress(), cause);
        }
        close(ctx, DisconnectReason.TCP_ERROR);
    }

    @Override
    public Bytes remoteId() {
        return remoteId;
    }

    @Override
    public Hello remoteHello() {
        return remoteHello.orElseThrow(() -> new IllegalStateException("the session is not open"));
    }

    @Override
    public CapabilityOffsets capabilities() {
        return offsets.orElseThrow(() -> new IllegalStateException("the session is not open"));
    }

    @Override
    public SocketAddress remoteAddress() {
        return context.orElseThrow().channel().remoteAddress();
    }

    @Override
    public boolean isOutbound() {
        return expectedId.isPresent();
    }

    @Override
    public boolean send(Capability capability, int code, Bytes payload) {
        Optional<Integer> wire = capabilities().toWire(capability, code);
        Optional<ChannelHandlerContext> ctx = context;
        if (wire.isEmpty() || ctx.isEmpty() || !ctx.get().channel().isActive()) {
            return false;
        }
        int cost = payload.size() + FrameCodec.HEADER_SIZE;
        if (outboundBytes.addAndGet(cost) > RlpxLimits.OUTBOUND_BYTES) {
            outboundBytes.addAndGet(-cost);
            return false;
        }
        onEventLoop(ctx.get(), () -> {
            if (stage == Stage.OPEN) {
                ByteBuf frame = Unpooled.wrappedBuffer(encode(wire.get(), payload, true));
                ChannelFuture _ = ctx.get().writeAndFlush(frame).addListener((ChannelFutureListener) written -> {
                    outboundBytes.addAndGet(-cost);
                    if (!written.isSuccess()) {
                        exceptionCaught(ctx.get(), written.cause());
                    }
                });
            }
        });
        return true;
    }

    @Override
    public void setReading(boolean reading) {
        context.ifPresent(ctx -> ctx.channel().config().setAutoRead(reading));
    }

    @Override
    public void disconnect(DisconnectReason why) {
        context.ifPresent(ctx -> onEventLoop(ctx, () -> close(ctx, why)));
    }

    /** Once the endpoint is closed there is no event loop any more, and no session on which anything could be done. */
    private static void onEventLoop(ChannelHandlerContext ctx, Runnable task) {
        try {
            ctx.executor().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("{} is closed already", ctx.channel(), e);
        }
    }
}
