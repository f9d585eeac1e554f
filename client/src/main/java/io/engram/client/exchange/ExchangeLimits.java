package io.engram.client.exchange;

import java.time.Duration;

/** The bounds of what this node fetches, keeps and remembers of models on the network. */
final class ExchangeLimits {

    /** Chunks received in a second from all peers together, 128 MiB. */
    static final int CHUNKS_PER_SECOND = 8_192;

    static final int CHUNK_BURST = 2_048;

    /** Requests to one peer that are under way for one model: 1 MiB, so that a vote in the same session waits little. */
    static final int REQUESTS_PER_PEER = 4;

    /** Peers that one model is fetched from at once. */
    static final int PEERS_PER_MODEL = 8;

    /** How long a round of requests lasts, after which peers that came meanwhile take part. */
    static final Duration ROUND = Duration.ofSeconds(1);

    /** Rounds that bring nothing before a model has to wait while others are tried. */
    static final int FRUITLESS_ROUNDS = 3;

    /** How long such a model waits. */
    static final Duration PAUSE = Duration.ofSeconds(2);

    /** How long blocks of others wait for one model before they are executed without it. */
    static final Duration GATE = Duration.ofSeconds(60);

    /** And for one that no peer says it holds; peers that have just come may not have said so yet. */
    static final Duration GATE_UNOFFERED = Duration.ofSeconds(2);

    /** How often it is looked at whether the model has come. */
    static final Duration GATE_POLL = Duration.ofMillis(20);

    /** Models that are wanted and not here; further ones are asked for when there is room. */
    static final int WANTED = 4_096;

    /** Announced terms that are remembered; the oldest are forgotten. */
    static final int ANNOUNCEMENTS = 16_384;

    /** Models whose refusal is remembered; the oldest are forgotten. */
    static final int REFUSALS = 1_024;

    /** Models that signatures are kept of. */
    static final int ATTESTED = 4_096;

    /** Space that downloads leave on the disk. */
    static final long FREE_BYTES = 256L << 20;

    /** Hash trees of files that are served, kept in memory: 4 KiB for each MiB of a file. */
    static final int TREES = 16;

    /** How often the node looks at what it has and what it lacks when nothing else makes it. */
    static final Duration LOOK = Duration.ofSeconds(1);

    /** How often peers are told what this node holds, changed or not. */
    static final Duration TELL = Duration.ofSeconds(60);

    /** Blocks that are searched for announcements at the start. */
    static final long SEARCHED_BLOCKS = 1L << 20;

    private ExchangeLimits() {}
}
