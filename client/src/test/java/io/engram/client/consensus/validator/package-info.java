@NullMarked
package io.engram.client.consensus.validator;

import org.jspecify.annotations.NullMarked;
