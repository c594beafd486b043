# Each target is one command of `python3 -m localcloud`. ENV=dev chooses an environment, PORT=4567 another
# port for the local cloud.
ENV ?= local
RUN = python3 -m localcloud --env $(ENV) $(if $(PORT),--port $(PORT))

.PHONY: up down logs plan apply test e2e build
up:     ; @$(RUN) up
down:   ; @$(RUN) down
logs:   ; @$(RUN) logs
plan:   ; @$(RUN) plan
apply:  build ; @$(RUN) apply
test:   ; @$(RUN) test
e2e:    ; @$(RUN) e2e
build:  ; @python3 build.py
