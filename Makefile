# Each target is a command of `python3 -m tasks`, or of the tool that it names.
# Its inputs count on the command line alone, whatever a shell has exported: USER is always there, ENV, PORT and NAME
# may be. Only CANARY_PERCENT, PASSWORD and AWS_ENDPOINT_URL may also come from the shell.
RUN = python3 -m tasks --env=$(call quoted,$(if $(call given,ENV),$(ENV),local)) $(call option,PORT,port)
given = $(findstring command line,$(origin $(1)))
option = $(if $(call given,$(1)),--$(2)=$(call quoted,$($(1))))
quoted = '$(subst ','\'',$(1))'

.DEFAULT_GOAL := help
# Each has a line of help: `## target INPUT=: what it does`.
.PHONY: help $(shell sed -n 's/^\#\# \([a-z0-9]*\).*/\1/p' $(firstword $(MAKEFILE_LIST)))

## up [PORT=]: the whole system on this machine, with the sample dragons; again: nothing changes
up: ; @$(RUN) up
## down: stop it and every process of it; its data is discarded
down: ; @$(RUN) down
## logs: follow what the local cloud and the functions print
logs: ; @$(RUN) logs
## test: every check, on a local cloud of its own
test: ; @$(RUN) test
## e2e [ENV= BUCKET=]: the end-to-end tests against a system that is up; AWS_ENDPOINT_URL=... names another LocalStack
e2e: ; @$(RUN) e2e $(call option,BUCKET,bucket)
## token USER= [ENV= PASSWORD= KIND=id|access GROUP= BROWSER=yes]: sign in and print a token; on AWS by the browser
token: ; @$(RUN) token $(call option,USER,user) $(call option,KIND,kind) $(call option,GROUP,group) \
	$(call option,BROWSER,browser)
## bootstrap ENV= [REGION= BUCKET= GITHUB=]: the bucket for Terraform's state, backend.hcl, the roles of workflows
bootstrap: ; @$(RUN) bootstrap $(call option,REGION,region) $(call option,BUCKET,bucket) $(call option,GITHUB,github)
## plan [ENV=]: build, and show what an apply would change
plan: ; @$(RUN) plan
## apply [ENV= CANARY_PERCENT= AUTO_APPROVE=yes]: build and deploy; on AWS, the plan is shown, and asked about
apply: ; @$(RUN) apply $(call option,AUTO_APPROVE,auto-approve) \
	$(if $(CANARY_PERCENT),--canary-percent=$(call quoted,$(CANARY_PERCENT)))
## samples [ENV= AUTO_APPROVE=yes]: load the sample dragons; again: nothing changes
samples: ; @$(RUN) samples $(call option,AUTO_APPROVE,auto-approve)
## site [ENV= RELEASE=live|next AUTO_APPROVE=yes]: publish the site for everybody, or for testers; again: nothing changes
site: ; @$(RUN) site $(call option,RELEASE,release) $(call option,AUTO_APPROVE,auto-approve)
## outputs [ENV= NAME=]: what the environment tells of itself: URLs, tables, functions
outputs: ; @$(RUN) outputs $(call option,NAME,name)
## drift [ENV=]: where what is deployed is no longer as the last apply left it
drift: ; @$(RUN) drift
## destroy ENV=: take an environment on AWS down; asks for its name, and lists what is left
destroy: ; @$(RUN) destroy
## promote [ENV=]: send everybody to the newest versions
promote: ; @$(RUN) promote
## rollback [ENV=]: take a canary back, or else go back to the versions before
rollback: ; @$(RUN) rollback
## halt FUNCTION= [ENV= AUTO_APPROVE=yes]: stop a function at once; what waits for it waits
halt: ; @$(RUN) halt $(call option,FUNCTION,function) $(call option,AUTO_APPROVE,auto-approve)
## resume FUNCTION= [ENV= AUTO_APPROVE=yes]: let a function that was halted go on
resume: ; @$(RUN) resume $(call option,FUNCTION,function) $(call option,AUTO_APPROVE,auto-approve)
## redrive QUEUE= [ENV= AUTO_APPROVE=yes]: a queue's dead letters, back to the queue
redrive: ; @$(RUN) redrive $(call option,QUEUE,queue) $(call option,AUTO_APPROVE,auto-approve)
## replay FROM= [TO= RULE= ENV= AUTO_APPROVE=yes]: tell a rule of the bus again what happened in a period
replay: ; @$(RUN) replay $(call option,FROM,from) $(call option,TO,to) $(call option,RULE,rule) \
	$(call option,AUTO_APPROVE,auto-approve)
## rebuild [ENV= AUTO_APPROVE=yes]: compare the dataset with the table, and mend what differs
rebuild: ; @$(RUN) rebuild $(call option,AUTO_APPROVE,auto-approve)
## partner NAME= [ENV=]: give a partner a token and an API key
partner: ; @$(RUN) partner $(call option,NAME,name)
## watch: build and replace code on the local cloud as files are saved
watch: ; @$(RUN) watch
## deploy FUNCTION= [ENV= AUTO_APPROVE=yes]: the code of one function, tried with an event before it serves
deploy: ; @$(RUN) deploy $(call option,FUNCTION,function) $(call option,AUTO_APPROVE,auto-approve)
## shift FUNCTION= [STEPS=10,50,100 EVERY=60 ERRORS=0 ENV= AUTO_APPROVE=yes]: the same, a share of the calls at a time
shift: ; @$(RUN) shift $(call option,FUNCTION,function) $(call option,STEPS,steps) $(call option,EVERY,every) \
	$(call option,ERRORS,errors) $(call option,AUTO_APPROVE,auto-approve)
## invoke FUNCTION= EVENT=<file> [ENV=]: invoke a function; its result, log, duration and trace
invoke: ; @$(RUN) invoke $(call option,FUNCTION,function) $(call option,EVENT,event)
## tune FUNCTION= [EVENT=<file> SIZES=128,256,... INVOCATIONS= ENV= AUTO_APPROVE=yes]: durations and cost by memory
tune: ; @$(RUN) tune $(call option,FUNCTION,function) $(call option,EVENT,event) $(call option,SIZES,sizes) \
	$(call option,INVOCATIONS,invocations) $(call option,AUTO_APPROVE,auto-approve)
## encrypt TEXT= [ENV=]: a text as a secret for a function's block; without TEXT, it is asked for
encrypt: ; @$(RUN) encrypt $(if $(call given,TEXT),--text=$(call quoted,$(value TEXT)))
## new FUNCTION= [ROUTE=]: a function's folder, its block in Terraform, its route, its test and its smoke event
new: ; @$(RUN) new $(call option,FUNCTION,function) $(call option,ROUTE,route)
## build: package functions and layers into dist/
build: ; @python3 build.py
## lock [FUNCTION= LAYER= UPGRADE=1]: pin what the requirements.in of a function, of a layer or of all ask for
lock: ; @$(RUN) lock $(call option,FUNCTION,function) $(call option,LAYER,layer) $(if $(call given,UPGRADE),--upgrade)
## rehearse ENV=: apply an environment's own values to an empty local cloud, test, and destroy
rehearse: ; @$(RUN) rehearse
## bench [PART=build|coldstart|soak|loop|events|workflows|edge|mutation|query DELAY=ms]: the benchmarks, beside their peers
bench: ; @$(RUN) bench $(call option,PART,part) $(call option,DELAY,delay)
## release VERSION=: a version in CHANGELOG.md, checksums and bills of materials in dist/release
release: ; @$(RUN) release $(call option,VERSION,version)
## contract: write docs/openapi.json and docs/state_machines.md anew, and the schemas of a new version of the events
contract: ; @PYTHONPATH=tests:shared .venv/bin/python -m contract.published
## help: these lines
help: ; @sed -n 's/^## /make /p' $(firstword $(MAKEFILE_LIST))
