package io.engram.genesis.config;

import io.engram.genesis.Address;
import io.engram.genesis.fork.BaseFee;
import io.engram.genesis.fork.BlobSchedule;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.fork.ForkSchedule;
import io.engram.genesis.system.RequestContracts;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Reads the {@code config} section in Besu's and geth's spelling. Whatever it does not know is an error, as a rule that
 * is left out would fork the chain (protocol D3). Keys without any effect on blocks are passed over:
 * {@value #HARMLESS_TEXT}.
 */
final class ChainConfigReader {

    private static final String HARMLESS_TEXT = "discovery, checkpoint, bootnodes, comment, eip150Hash";
    private static final List<String> HARMLESS = List.of(HARMLESS_TEXT.split(", "));

    /** Forks by block number, each with the keys that name it. */
    private static final List<Map.Entry<String, Fork>> BLOCK_KEYS = List.of(
            Map.entry("homesteadBlock", Fork.HOMESTEAD),
            Map.entry("eip150Block", Fork.TANGERINE_WHISTLE),
            Map.entry("eip155Block", Fork.SPURIOUS_DRAGON),
            Map.entry("eip158Block", Fork.SPURIOUS_DRAGON),
            Map.entry("byzantiumBlock", Fork.BYZANTIUM),
            Map.entry("constantinopleBlock", Fork.CONSTANTINOPLE),
            Map.entry("petersburgBlock", Fork.PETERSBURG),
            Map.entry("constantinopleFixBlock", Fork.PETERSBURG),
            Map.entry("istanbulBlock", Fork.ISTANBUL),
            Map.entry("berlinBlock", Fork.BERLIN),
            Map.entry("londonBlock", Fork.LONDON));

    private static final List<Map.Entry<String, Fork>> TIME_KEYS = List.of(
            Map.entry("shanghaiTime", Fork.SHANGHAI),
            Map.entry("cancunTime", Fork.CANCUN),
            Map.entry("pragueTime", Fork.PRAGUE),
            Map.entry("osakaTime", Fork.OSAKA));

    private static final List<Fork> BLOB_FORKS = List.of(Fork.CANCUN, Fork.PRAGUE, Fork.OSAKA);

    private ChainConfigReader() {}

    static ChainConfig read(JsonSection in) throws InvalidGenesisException {
        in.ignore(HARMLESS);
        UInt256 chainId = in.number("chainId").orElseThrow(() -> in.error("chainId", "is missing"));
        Optional<JsonSection> ethash = in.section("ethash");
        if (ethash.isPresent()) {
            ethash.get().end();
        }
        List<QbftConfig.Transition> transitions = List.of();
        Optional<JsonSection> all = in.section("transitions");
        if (all.isPresent()) {
            transitions = QbftConfigReader.transitions(all.get().sections("qbft"));
            all.get().end();
        }
        Optional<JsonSection> qbftSection = in.section("qbft");
        Optional<QbftConfig> qbft = qbftSection.isPresent()
                ? Optional.of(QbftConfigReader.read(qbftSection.get(), transitions))
                : Optional.empty();
        if (qbft.isEmpty() && !transitions.isEmpty()) {
            throw in.error("transitions.qbft", "has no meaning without qbft");
        }
        ChainConfig config = new ChainConfig(
                chainId, forks(in), baseFee(in), qbft, inference(in, qbft), requestContracts(in, qbft.isPresent()));
        in.end();
        return config;
    }

    private static Optional<InferenceConfig> inference(JsonSection in, Optional<QbftConfig> qbft)
            throws InvalidGenesisException {
        Optional<JsonSection> section = in.section("inference");
        if (section.isEmpty()) {
            return Optional.empty();
        }
        if (qbft.isEmpty()) {
            throw in.error("inference", "needs qbft, whose extra data carries the inference root");
        }
        return Optional.of(InferenceConfigReader.read(section.get(), qbft.get().blockPeriodSeconds()));
    }

    private static BaseFee baseFee(JsonSection in) throws InvalidGenesisException {
        boolean zero = in.flag("zeroBaseFee");
        boolean fixed = in.flag("fixedBaseFee");
        if (zero && fixed) {
            throw in.error("zeroBaseFee", "and fixedBaseFee exclude each other");
        }
        return zero ? BaseFee.ZERO : fixed ? BaseFee.FIXED : BaseFee.MARKET;
    }

    private static Optional<RequestContracts> requestContracts(JsonSection in, boolean isQbft)
            throws InvalidGenesisException {
        Optional<Address> deposits = in.address("depositContractAddress");
        Optional<Address> withdrawals = in.address("withdrawalRequestContractAddress");
        Optional<Address> consolidations = in.address("consolidationRequestContractAddress");
        if (isQbft && deposits.isEmpty() && withdrawals.isEmpty() && consolidations.isEmpty()) {
            return Optional.empty();
        }
        RequestContracts absent = RequestContracts.MAINNET;
        return Optional.of(new RequestContracts(
                deposits.orElse(absent.deposits()),
                withdrawals.orElse(absent.withdrawals()),
                consolidations.orElse(absent.consolidations())));
    }

    private static ForkSchedule forks(JsonSection in) throws InvalidGenesisException {
        ForkSchedule.Builder builder = ForkSchedule.builder();
        Map<Fork, Long> blocks = forkBlocks(in);
        blocks.forEach(builder::block);
        boolean allAtGenesis = blocks.values().stream().allMatch(block -> block == 0);
        in.integer("muirGlacierBlock").ifPresent(builder::muirGlacier);
        in.integer("arrowGlacierBlock").ifPresent(builder::arrowGlacier);
        in.integer("grayGlacierBlock").ifPresent(builder::grayGlacier);
        daoFork(in, builder);
        for (Map.Entry<String, Fork> key : TIME_KEYS) {
            in.integer(key.getKey()).ifPresent(time -> builder.time(key.getValue(), time));
        }
        for (int i = 1; i <= ForkSchedule.MAX_BPO; i++) {
            int index = i;
            in.integer("bpo" + i + "Time").ifPresent(time -> builder.bpo(index, time));
        }
        in.number("terminalTotalDifficulty").ifPresent(builder::terminalTotalDifficulty);
        OptionalLong netsplit = in.integer("mergeNetsplitBlock");
        netsplit.ifPresent(builder::mergeBlock);
        // A chain that was merged from its first block on; elsewhere the terminal total difficulty tells.
        if (in.flag("terminalTotalDifficultyPassed") && allAtGenesis && netsplit.isEmpty()) {
            builder.mergeBlock(0);
        }
        Optional<JsonSection> blobs = in.section("blobSchedule");
        if (blobs.isPresent()) {
            blobSchedules(blobs.get(), builder);
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new InvalidGenesisException("config: " + e.getMessage(), e);
        }
    }

    private static Map<Fork, Long> forkBlocks(JsonSection in) throws InvalidGenesisException {
        Map<Fork, Long> blocks = new EnumMap<>(Fork.class);
        for (Map.Entry<String, Fork> key : BLOCK_KEYS) {
            OptionalLong block = in.integer(key.getKey());
            if (block.isPresent()) {
                Long other = blocks.put(key.getValue(), block.getAsLong());
                if (other != null && other != block.getAsLong()) {
                    throw in.error(key.getKey(), "is not " + other + ", where another key puts the same fork");
                }
            }
        }
        Long constantinople = blocks.get(Fork.CONSTANTINOPLE);
        boolean isReplaced = constantinople == null
                || blocks.entrySet().stream()
                        .anyMatch(entry -> entry.getKey().isAtLeast(Fork.PETERSBURG)
                                && (entry.getKey() == Fork.PETERSBURG
                                        || entry.getValue().equals(constantinople)));
        if (!isReplaced) {
            throw in.error(
                    "petersburgBlock", "is missing: after constantinopleBlock, clients differ on what that means");
        }
        return blocks;
    }

    private static void daoFork(JsonSection in, ForkSchedule.Builder builder) throws InvalidGenesisException {
        OptionalLong block = in.integer("daoForkBlock");
        boolean named = in.has("daoForkSupport");
        // Besu names the block only; geth names the block on chains that refused the fork, too.
        if (block.isPresent() && (!named || in.flag("daoForkSupport"))) {
            builder.daoFork(block.getAsLong());
        }
    }

    private static void blobSchedules(JsonSection in, ForkSchedule.Builder builder) throws InvalidGenesisException {
        for (Fork fork : BLOB_FORKS) {
            Optional<JsonSection> section = in.section(fork.name().toLowerCase(Locale.ROOT));
            if (section.isPresent()) {
                builder.blobSchedule(fork, blobSchedule(section.get()));
            }
        }
        for (int i = 1; i <= ForkSchedule.MAX_BPO; i++) {
            Optional<JsonSection> section = in.section("bpo" + i);
            if (section.isPresent()) {
                builder.bpoSchedule(i, blobSchedule(section.get()));
            }
        }
        in.end();
    }

    private static BlobSchedule blobSchedule(JsonSection in) throws InvalidGenesisException {
        long target = required(in, "target", Short.MAX_VALUE);
        long max = required(in, "max", Short.MAX_VALUE);
        long fraction = required(in, "baseFeeUpdateFraction", Long.MAX_VALUE);
        in.end();
        if (max < target || fraction == 0) {
            throw in.error("max", "is below target, or baseFeeUpdateFraction is 0");
        }
        return new BlobSchedule((int) target, (int) max, fraction);
    }

    private static long required(JsonSection in, String key, long max) throws InvalidGenesisException {
        long value = in.integer(key).orElseThrow(() -> in.error(key, "is missing"));
        if (value > max) {
            throw in.error(key, "exceeds " + max);
        }
        return value;
    }
}
