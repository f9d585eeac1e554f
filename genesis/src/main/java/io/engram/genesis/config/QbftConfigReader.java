package io.engram.genesis.config;

import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.config.QbftConfig.MessageLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads {@code config.qbft} and {@code config.transitions.qbft} as Besu writes them. */
final class QbftConfigReader {

    private static final long EPOCH_LENGTH = 30_000;
    /** A day: longer periods are typing errors. */
    private static final long MAX_SECONDS = 86_400;

    private QbftConfigReader() {}

    static QbftConfig read(JsonSection in, List<QbftConfig.Transition> transitions) throws InvalidGenesisException {
        refuseUnlessZero(in, "pertxgaslimit");
        refuseUnlessZero(in, "startblock");
        QbftConfig config = new QbftConfig(
                in.integer("blockperiodseconds", 1, 1, MAX_SECONDS),
                in.integer("xblockperiodmilliseconds", 0, 0, MAX_SECONDS * 1_000),
                in.integer("emptyblockperiodseconds", 0, 0, MAX_SECONDS),
                in.integer("requesttimeoutseconds", 1, 1, MAX_SECONDS),
                in.integer("epochlength", EPOCH_LENGTH, 1, Long.MAX_VALUE),
                beneficiary(in, "miningbeneficiary"),
                in.wei("blockreward").orElse(Wei.ZERO),
                in.address("validatorcontractaddress"),
                limits(in),
                transitions);
        in.end();
        return config;
    }

    /** The empty text means none. */
    private static Optional<Address> beneficiary(JsonSection in, String key) throws InvalidGenesisException {
        return in.text(key).filter(String::isBlank).isPresent() ? Optional.empty() : in.address(key);
    }

    private static void refuseUnlessZero(JsonSection in, String key) throws InvalidGenesisException {
        if (in.integer(key, 0) != 0) {
            throw in.error(key, "is not supported");
        }
    }

    private static MessageLimits limits(JsonSection in) throws InvalidGenesisException {
        MessageLimits absent = MessageLimits.DEFAULT;
        return new MessageLimits(
                limit(in, "gossipedhistorylimit", absent.gossipedHistory()),
                limit(in, "messagequeuelimit", absent.messageQueue()),
                limit(in, "duplicatemessagelimit", absent.duplicateMessages()),
                limit(in, "futuremessageslimit", absent.futureMessages()),
                limit(in, "futuremessagesmaxdistance", absent.futureDistance()));
    }

    private static int limit(JsonSection in, String key, int absent) throws InvalidGenesisException {
        return (int) in.integer(key, absent, 1, 1_000_000);
    }

    static List<QbftConfig.Transition> transitions(List<JsonSection> sections) throws InvalidGenesisException {
        List<QbftConfig.Transition> transitions = new ArrayList<>();
        long lastBlock = 0;
        long lastTime = 0;
        for (JsonSection in : sections) {
            OptionalLong block = in.integer("block");
            OptionalLong time = in.integer("timestamp");
            if (block.isPresent() == time.isPresent()) {
                throw in.error("block", "or timestamp says when a transition begins: exactly one of them is needed");
            }
            if (block.isPresent()) {
                lastBlock = above(in, "block", block.getAsLong(), lastBlock);
            } else {
                lastTime = above(in, "timestamp", time.getAsLong(), lastTime);
            }
            refuseUnlessZero(in, "pertxgaslimit");
            transitions.add(new QbftConfig.Transition(
                    block.isPresent() ? new QbftConfig.Start.AtBlock(lastBlock) : new QbftConfig.Start.AtTime(lastTime),
                    in.addresses("validators"),
                    in.integer("blockperiodseconds"),
                    in.integer("emptyblockperiodseconds"),
                    in.wei("blockreward"),
                    in.text("miningbeneficiary").isPresent()
                            ? Optional.of(new QbftConfig.Beneficiary(beneficiary(in, "miningbeneficiary")))
                            : Optional.empty(),
                    selection(in)));
            in.end();
        }
        return transitions;
    }

    private static long above(JsonSection in, String key, long value, long last) throws InvalidGenesisException {
        if (value <= last) {
            throw in.error(key, "is not above " + last + ": transitions come in ascending order");
        }
        return value;
    }

    private static Optional<QbftConfig.ValidatorSelection> selection(JsonSection in) throws InvalidGenesisException {
        Optional<String> mode = in.text("validatorselectionmode");
        Optional<Address> contract = in.address("validatorcontractaddress");
        if (mode.isEmpty()) {
            return contract.map(address -> new QbftConfig.ValidatorSelection(Optional.of(address)));
        }
        return switch (mode.get()) {
            case "blockheader" -> Optional.of(new QbftConfig.ValidatorSelection(Optional.empty()));
            case "contract" -> {
                if (contract.isEmpty()) {
                    throw in.error("validatorcontractaddress", "is missing");
                }
                yield Optional.of(new QbftConfig.ValidatorSelection(contract));
            }
            default -> throw in.error("validatorselectionmode", "is neither blockheader nor contract");
        };
    }
}
