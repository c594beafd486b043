# Each target is one command of `python3 -m localcloud`. ENV=dev chooses an environment, PORT=4567 another
# port for the local cloud, CANARY_PERCENT=10 what a release gets of the REST API's calls at first, NAME=acme
# a partner, USER=ann@example.org who signs in (USER of the shell does not count), with PASSWORD=... and for
# KIND=id|access of a token, PART=build|coldstart a part of the benchmarks.
ENV ?= local
RUN = python3 -m localcloud --env $(ENV) $(if $(PORT),--port $(PORT)) \
	$(if $(CANARY_PERCENT),--canary-percent $(CANARY_PERCENT))
PERSON = $(if $(findstring command line,$(origin USER)),$(USER))
quoted = '$(subst ','\'',$(1))'

.PHONY: contract up down logs plan apply promote rollback partner token test e2e bench build
up:     ; @$(RUN) up
down:   ; @$(RUN) down
logs:   ; @$(RUN) logs
plan:   ; @$(RUN) plan
apply:  build ; @$(RUN) apply
promote: ; @$(RUN) promote
rollback: ; @$(RUN) rollback
partner: ; @$(RUN) partner --name=$(call quoted,$(NAME))
token:  ; @$(RUN) token --user=$(call quoted,$(PERSON)) $(if $(KIND),--kind=$(call quoted,$(KIND)))
test:   ; @$(RUN) test
e2e:    ; @$(RUN) e2e
bench:  ; @$(RUN) bench $(if $(PART),--part=$(call quoted,$(PART)))
build:  ; @python3 build.py
contract: ; @PYTHONPATH=tests:shared .venv/bin/python -m contract.published
